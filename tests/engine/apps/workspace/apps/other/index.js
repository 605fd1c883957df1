console.log(require("@acme/unrelated"), require("ms")(1000));
