import { crc32 } from "@node-rs/crc32";
import ms from "ms";

export const greeting = (): string => `Hello from a workspace, up for ${ms(Math.round(process.uptime() * 1000))}, crc32 ${crc32("binary")}`;
