/** The Nagios scale of `status` and `check`; 0 is `ok`. The other codes are sysexits(3), in src/errors.ts. */
export const EXIT = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
