import { baseName } from '../core/command-line.ts';
import type { Owner } from '../core/owner.ts';
import { programIn } from '../core/program.ts';

const DATABASE = 'is a database; name it yourself if it may be restarted';
const SYSTEM = 'belongs to the system';
const CONTAINERS = 'leads to a container; name it yourself, with `unit: docker:NAME`';
const DESKTOP = 'belongs to the desktop or to a tool';

const DATABASES = [
  'postgres postgresql postmaster mysqld mysqld.bin mysqld_safe mysql mariadbd mariadbd-safe mariadb mongod mongos mongodb',
  'redis-server redis valkey-server valkey keydb-server dragonfly memcached clickhouse-server influxd influxdb etcd',
  'cockroach neo4j couchdb beam.smp qdrant chroma sqld surreal minio garage meilisearch typesense-server weaviate milvus',
  'victoria-metrics questdb rqlited pgbouncer prometheus loki mosquitto nats-server rabbitmq rabbitmq-server vault consul',
  'slapd elastic',
];
const OF_THE_SYSTEM = [
  'sshd sshd-session dropbear systemd systemd-resolve systemd-resolved systemd-network init launchd cupsd cups-browsed',
  'avahi-daemon rpcbind rpc.statd rpc.mountd dnsmasq named unbound chronyd ntpd exim4 exim master postfix sendmail smbd',
  'nmbd snmpd inetd xinetd tailscaled wireguard openvpn cloudflared containerd dockerd lxd libvirtd qemu-system-x86_64 gdm',
  'gvfsd dbus-daemon dbus-broker supervisord runsvdir mDNSResponder rapportd ControlCenter ControlCe AirPlayXPCHelper',
  'remoted sharingd identityservicesd airportd ARDAgent screensharingd kdc httpd-control',
];
const TO_CONTAINERS = ['docker-proxy podman conmon rootlessport slirp4netns com.docker.backend'];
const TOOLS = [
  'code code-server code-tunnel cursor windsurf zed chrome chromium firefox electron Spotify spotify Dropbox dropbox steam',
  'Discord Slack adb gopls X Xorg tmux screen emacs nvim jupyter jupyter-lab jupyter-notebook jupyter-server syncthing',
  'qbittorrent-nox deluged ssh ssh-agent gpg-agent socat tor transmission-daemon Figma OneDrive Raycast',
];

/** Programs that listen on many hosts and are nobody's web app: left alone unless a person names them. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['Code Helper', DESKTOP],
  ['Google Chrome', DESKTOP],
  ...named(OF_THE_SYSTEM, SYSTEM),
  ...named(DATABASES, DATABASE),
  ...named(TO_CONTAINERS, CONTAINERS),
  ...named(TOOLS, DESKTOP),
]);

function named(lines: readonly string[], why: string): readonly [string, string][] {
  return lines.flatMap((line) => line.split(' ')).map((name) => [name, why]);
}

/** Owners that say by their name what they keep; those that are a desktop's or the system's own: apps and agents of macOS, and what a Linux desktop starts. */
export function knownOwner(owner: Owner): string | undefined {
  const isDesktops =
    (owner.kind === 'launchd' && /^(application|com\.apple)\./.test(owner.label)) ||
    (owner.kind === 'systemd' && /^(app-|dbus-)/.test(owner.unit));
  if (isDesktops) return DESKTOP;
  // Only what is a database everywhere: a person may call their own unit `code` or `master`.
  const unit = owner.kind === 'systemd' ? owner.unit.replace(/(@[^.]*)?\.service$/, '') : owner.kind;
  return KNOWN.get(unit) === DATABASE || JAVA_STORES.test(unit) ? DATABASE : undefined;
}

/**
 * Why a program is left alone; `undefined` when nothing is known of it. Its title may be in one word with its options
 * (`sshd: /usr/sbin/sshd -D`, `/usr/bin/redis-server 127.0.0.1:6379`), and its name with its part (`Code Helper (Plugin)`).
 */
export function knownProgram(argv: readonly string[]): string | undefined {
  const [first = ''] = argv;
  if (first.includes('.app/Contents/')) return DESKTOP;
  const title = argv.length === 1 ? first.split(' ')[0] : undefined;
  const script = argv[programIn(argv)?.last ?? 0];
  const names = [first, first.replace(/ \(\w+\)$/, ''), title, script]
    .filter((one) => one !== undefined)
    .map((one) => baseName(one).replace(/:$/, ''));
  const known = names.map((name) => KNOWN.get(name)).find((one) => one !== undefined);
  if (known !== undefined) return known;
  return /^java$/.test(baseName(first)) && argv.some((word) => JAVA_STORES.test(word)) ? DATABASE : undefined;
}

/** What java runs is told by its class or its archive. */
const JAVA_STORES =
  /(^|[^a-z])(elasticsearch|opensearch|neo4j|kafka|zookeeper|cassandra|solr|hbase|activemq|artemis|pulsar|druid|ignite|hazelcast|logstash)/i;
