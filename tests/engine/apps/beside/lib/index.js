const ms = require("ms");

exports.greeting = () => `from beside, every ${ms(1000)},`;
