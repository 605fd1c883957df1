const ms = require("ms");

exports.greeting = () => `Hello from the root, every ${ms(1000)},`;
