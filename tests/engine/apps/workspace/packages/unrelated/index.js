module.exports = require("escape-html")("<old>");
