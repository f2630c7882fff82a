/** What `unit:` of a config names, before it is known which manager of this host has it. */
export type UnitName =
  | { readonly kind: 'systemd'; readonly unit: string }
  | { readonly kind: 'launchd'; readonly label: string }
  | { readonly kind: 'pm2'; readonly name: string }
  | { readonly kind: 'container'; readonly engine: 'docker' | 'podman'; readonly name: string }
  /** A word without prefix or ending: a launchd label on macOS, a systemd service elsewhere. */
  | { readonly kind: 'plain'; readonly name: string };

/** What systemd.unit(5) calls the types of units; of these only services are processes that can be restarted. */
const OTHER_UNITS = /\.(socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;
/** Letters, digits and `:-_.\@` (systemd.unit(5)); none that begins with `-`, for it would be read as an option. */
const UNIT = /^[A-Za-z0-9_.@:\\][A-Za-z0-9_.@:\\-]*$/;
const LABEL = /^[A-Za-z0-9_][A-Za-z0-9_. +-]*$/;
const CONTAINER = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/**
 * Reads `hub.service`, `ai.example.hub`, `pm2:hub`, `docker:hub`, `podman:hub`, `launchd:ai.example.hub`. Gives a
 * text that says what is wrong with it where it names nobody that could be asked.
 */
export function readUnitName(text: string): UnitName | string {
  const [, prefix, rest = ''] = /^([a-z0-9]+):(.*)$/s.exec(text) ?? [];
  switch (prefix) {
    case 'systemd':
      return service(rest);
    case 'launchd':
      return LABEL.test(rest) ? { kind: 'launchd', label: rest } : needs(rest, 'the label of a job');
    case 'pm2':
      return pm2Name(rest);
    case 'docker':
    case 'podman':
      return CONTAINER.test(rest)
        ? { kind: 'container', engine: prefix, name: rest }
        : needs(rest, 'the name of a container');
    case undefined:
      return plain(text);
    default:
      return text.endsWith('.service')
        ? service(text)
        : `${prefix}: is no owner this program knows; systemd, launchd, pm2, docker and podman are`;
  }
}

function plain(text: string): UnitName | string {
  if (text.endsWith('.service') || OTHER_UNITS.test(text)) return service(text);
  return LABEL.test(text) ? { kind: 'plain', name: text } : needs(text, 'the name of a unit or job');
}

function service(text: string): UnitName | string {
  if (OTHER_UNITS.test(text)) return `"${text}" is no service; name the service that it starts`;
  const unit = text.endsWith('.service') ? text : `${text}.service`;
  if (!UNIT.test(text) || unit.length > 255) return needs(text, 'the name of a systemd service');
  if (unit.endsWith('@.service'))
    return `"${unit}" is a template; name one instance of it, like ${unit.slice(0, -8)}1.service`;
  if (/^jarvis-health([.@-]|$)/.test(unit)) return `"${unit}" is this program itself or was made by it`;
  return { kind: 'systemd', unit };
}

/** `all` and `/patterns/` mean every process to pm2, and a number means whoever has it today. */
function pm2Name(text: string): UnitName | string {
  if (text === 'all' || /^\d+$/.test(text)) return `"${text}" is not the name of one pm2 process`;
  return /^[^-/\s\p{Cc}][^\p{Cc}]*$/u.test(text)
    ? { kind: 'pm2', name: text }
    : needs(text, 'the name of a pm2 process');
}

function needs(text: string, what: string): string {
  return text === '' ? `is empty after its prefix, ${what} is needed` : `"${text}" cannot be ${what}`;
}
