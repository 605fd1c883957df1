import { createServer } from "node:http";
import { greeting } from "@acme/shared";
import { nanoid } from "nanoid";

createServer((_, response) => response.end(`${greeting()} ${nanoid()}`)).listen(8000);
