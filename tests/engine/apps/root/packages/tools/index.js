const leftPad = require("left-pad");

exports.banner = () => `// ${leftPad("made by a tool", 20)}\n`;
