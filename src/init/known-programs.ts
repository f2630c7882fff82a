import type { Owner } from '../core/owner.ts';

const DATABASE = 'is a database; name it yourself if it may be restarted';
const SYSTEM = 'belongs to the system';
const CONTAINERS = 'leads to a container; name it yourself, with `unit: docker:NAME`';
const DESKTOP = 'belongs to the desktop or to a tool';

/** Programs that listen on many hosts and are nobody's web app: left alone unless a person names them. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ...[
    ...[
      'sshd',
      'sshd-session',
      'dropbear',
      'systemd',
      'systemd-resolve',
      'systemd-resolved',
      'systemd-network',
      'init',
      'launchd',
    ],
    ...['cupsd', 'cups-browsed', 'avahi-daemon', 'rpcbind', 'rpc.statd', 'rpc.mountd', 'dnsmasq', 'named', 'unbound'],
    ...[
      'chronyd',
      'ntpd',
      'exim4',
      'exim',
      'master',
      'postfix',
      'sendmail',
      'smbd',
      'nmbd',
      'snmpd',
      'inetd',
      'xinetd',
    ],
    ...['tailscaled', 'wireguard', 'openvpn', 'cloudflared', 'containerd', 'dockerd'],
    ...['lxd', 'libvirtd', 'qemu-system-x86_64', 'gdm', 'gvfsd'],
    ...['mDNSResponder', 'rapportd', 'ControlCenter', 'ControlCe', 'AirPlayXPCHelper', 'remoted', 'sharingd'],
    ...['identityservicesd', 'airportd', 'ARDAgent', 'screensharingd', 'kdc', 'httpd-control'],
  ].map((name): [string, string] => [name, SYSTEM]),
  ...[
    ...['postgres', 'postmaster', 'mysqld', 'mariadbd', 'mongod', 'redis-server', 'valkey-server', 'memcached'],
    ...['clickhouse-server', 'influxd', 'etcd', 'cockroach', 'neo4j', 'couchdb', 'beam.smp', 'qdrant', 'chroma'],
  ].map((name): [string, string] => [name, DATABASE]),
  ...['docker-proxy', 'podman', 'conmon', 'rootlessport', 'slirp4netns', 'com.docker.backend'].map(
    (name): [string, string] => [name, CONTAINERS],
  ),
  ...[
    ...['code', 'code-server', 'Code Helper', 'cursor', 'chrome', 'chromium', 'Google Chrome', 'firefox', 'electron'],
    ...['Spotify', 'spotify', 'Dropbox', 'dropbox', 'steam', 'Discord', 'Slack', 'adb', 'gopls', 'X', 'Xorg'],
    ...['ssh', 'ssh-agent', 'gpg-agent', 'socat', 'tor', 'transmission-daemon', 'Figma', 'OneDrive', 'Raycast'],
  ].map((name): [string, string] => [name, DESKTOP]),
]);

/** Owners that are a desktop's or the system's own: apps and agents of macOS, and what a Linux desktop starts. */
export function knownOwner(owner: Owner): string | undefined {
  const isDesktops =
    (owner.kind === 'launchd' && /^(application|com\.apple)\./.test(owner.label)) ||
    (owner.kind === 'systemd' && /^(app-|dbus-)/.test(owner.unit));
  return isDesktops ? DESKTOP : undefined;
}

/** Why a program of this name (without its folder) is left alone; `undefined` when nothing is known of it. */
export function knownProgram(name: string): string | undefined {
  return KNOWN.get(name);
}
