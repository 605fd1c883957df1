import ms from "ms";

export const greeting = (): string => `Hello from a workspace, up for ${ms(Math.round(process.uptime() * 1000))}`;
