/** What init would put into a config, each with its reasons. */
export type Proposal = {
  readonly services: readonly ProposedService[];
  readonly left: readonly Left[];
  readonly disks: readonly { readonly path: string; readonly why: string }[];
  readonly memory: { readonly why: string };
  readonly logs: readonly { readonly match: string; readonly why: string }[];
};

/** What was seen and is not put in. `why` is the end of a sentence that begins with `what`. */
export type Left = { readonly what: string; readonly why: string };

export type ProposedService = {
  readonly name: string;
  readonly look: Look;
  /** Part of its command line. */
  readonly match?: string;
  /** As `unit:` of a config names its owner. */
  readonly unit?: string;
  /** A command that would start it, from its own command line. */
  readonly start?: StartCommand;
  /**
   * Who would bring it back: its owner; its owner, once a person agrees to this very service, for it may be a database; the
   * start command, once a person agrees to it; nobody, so that it is watched. `never`: watched also when somebody turns out
   * to own it.
   */
  readonly acts: 'owner' | 'owner-asked' | 'start' | 'nobody' | 'never';
  /** What it is, in one line. */
  readonly what: string;
  /** Whole sentences. */
  readonly why: readonly string[];
};

/** `preset`: that of the gateway knows how. `owner`: nothing but what its owner says of it. */
export type Look =
  | { readonly kind: 'preset' }
  | { readonly kind: 'owner' }
  | { readonly kind: 'http'; readonly url: string; readonly status?: string }
  | { readonly kind: 'tcp'; readonly address: string };

export type StartCommand = {
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
};

/** What of a proposal may be acted upon; all else is watched. */
export type Agreement = {
  /** Services are brought back through their owners. */
  readonly owners: boolean;
  /** Names of services that may be started by their command, or restarted by an owner that was asked for by name. */
  readonly starts: ReadonlySet<string>;
  /** Logs may be rotated. */
  readonly logs: boolean;
};

/** Acts where a service is plainly the person's own and its owner does the work; everything else is only watched. */
export const SAFE: Agreement = { owners: true, starts: new Set(), logs: false };

/** Whether a service would be brought back under an agreement. */
export function isActedOn({ acts, name }: ProposedService, agreed: Agreement): boolean {
  if (acts === 'owner') return agreed.owners;
  return (acts === 'start' || acts === 'owner-asked') && agreed.starts.has(name);
}
