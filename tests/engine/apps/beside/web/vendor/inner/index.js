module.exports = `inner ${require("is-number")(1)}`;
