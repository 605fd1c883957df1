const numbers = Array.from({ length: 300 }, (_, index) => index);
document.querySelector("#app").textContent = numbers.join(" ") + `
  A text that is long enough for gzip to be worth its while, which nginx is told to begin at one kilobyte. Below
  that, the headers of a compressed answer cost more than they save, and above it a browser waits for fewer packets.
  Vite keeps a template literal as it is, so that the file which it makes is at least as long as this text. The rest
  of it repeats itself. The rest of it repeats itself. The rest of it repeats itself. The rest of it repeats itself.
  The rest of it repeats itself. The rest of it repeats itself. The rest of it repeats itself. The rest of it repeats
  itself. The rest of it repeats itself. The rest of it repeats itself. The rest of it repeats itself. The rest of it
  repeats itself. The rest of it repeats itself. The rest of it repeats itself. The rest of it repeats itself. The
  rest of it repeats itself. The rest of it repeats itself. The rest of it repeats itself. The rest of it repeats.`;
