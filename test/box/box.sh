#!/usr/bin/env bash
# A throw-away system with a real systemd as pid 1, on an overlay of this machine, which it cannot change.
# Started by boot-box.ts, needs root. In its folder: out/ is /out inside, pid1 is the box's first process seen from here.
#
#   box.sh keep    holds the box's disk and boots it again whenever its pid 1 ends; ends when its stdin closes
#   box.sh enter   in fresh mount and pid namespaces: joins the box's cgroup, then
#   box.sh boot    in all the others as well: makes the root file system and becomes systemd
#
# Variables: BOX (its folder), BOX_CGROUP, BOX_NODE (the node binary), BOX_SOURCE (the repository, /jarvis-health inside).
set -euo pipefail
me=$(realpath "$0")

keep() {
  local wanted box first=
  mount -t tmpfs -o size=1g,mode=755 tmpfs "$BOX/disk"
  mkdir "$BOX"/disk/{upper,work,root}
  # When whoever started the box goes away, however roughly, our stdin ends and so does the box.
  cat <&0 >/dev/null 2>&1 &
  wanted=$!
  while kill -0 "$wanted" 2>/dev/null; do
    rm -f "$BOX/booted"
    setpriv --pdeathsig KILL \
      unshare --mount --pid --fork --kill-child=KILL --propagation private bash "$me" enter </dev/null &
    box=$!
    wait -n "$wanted" "$box" || :
    # Its exit status tells nothing: unshare(1) knows no good one for a child that was killed.
    [ -e "$BOX/booted" ] || break
  done
  # Its pid 1 first, and only then unshare(1), which is there to bury it. Both are ours until we have waited.
  read -r first <"/proc/$box/task/$box/children" || : # no newline ends that file
  [ -z "$first" ] || kill -KILL "$first"
  wait "$box" || :
  umount -l "$BOX/disk"
  # The dead are taken out of their control group a moment after they are gone.
  for _ in $(seq 250); do
    find "$BOX_CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null || :
    [ -d "$BOX_CGROUP" ] || break
    sleep 0.02
  done
  rm -rf "$BOX"
}

enter() {
  read -r outer_pid _ </proc/self/stat
  echo 0 >"$BOX_CGROUP/cgroup.procs" # 0: whoever writes; our number here means nothing in this pid namespace
  echo "$outer_pid" >"$BOX/pid1.new"
  mv "$BOX/pid1.new" "$BOX/pid1"
  exec unshare --uts --ipc --cgroup --net bash "$me" boot
}

devices() {
  local name
  mount -t tmpfs -o mode=755 tmpfs "$1/dev"
  mkdir "$1"/dev/{pts,shm}
  mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,gid=5 devpts "$1/dev/pts"
  for name in null zero full random urandom tty; do
    : >"$1/dev/$name"
    mount --bind "/dev/$name" "$1/dev/$name"
  done
  ln -s pts/ptmx "$1/dev/ptmx"
  ln -s /proc/self/fd "$1/dev/fd"
  for name in 0:stdin 1:stdout 2:stderr; do ln -s "fd/${name%:*}" "$1/dev/${name#*:}"; done
}

# Once in a box's life: forget what this machine starts at boot, and what a container has no hardware for.
furnish() {
  local unit units=$1/etc/systemd/system
  rm -rf "$1"/etc/rc?.d "$1/etc/init.d" "$units"/*.wants "$units"/*.requires
  mkdir -p "$units/multi-user.target.wants"
  for unit in dev-{hugepages,mqueue}.mount sys-kernel-{debug,tracing,config}.mount sys-fs-fuse-connections.mount \
    getty.target systemd-{modules-load,remount-fs,firstboot,udevd,udev-trigger,sysctl,networkd}.service \
    systemd-udevd-{control,kernel}.socket; do
    ln -sfn /dev/null "$units/$unit"
  done
  : >"$1/etc/machine-id"
  echo '127.0.0.1 localhost box' >"$1/etc/hosts"
  echo box >"$1/etc/hostname"
  rm -f "$1/usr/local/bin/node"
  : >"$1/usr/local/bin/node"
  mkdir -p "$1/out" "$1/old-root" "$1/jarvis-health"
  : >"$1/.furnished"
}

boot() {
  local root=$BOX/disk/root
  mount -t overlay overlay -o "lowerdir=/,upperdir=$BOX/disk/upper,workdir=$BOX/disk/work" "$root"
  [ -e "$root/.furnished" ] || furnish "$root"
  mount -t proc proc "$root/proc"
  # Much below /proc/sys is the kernel's, not the namespace's: the box may read it only.
  mount --bind "$root/proc/sys" "$root/proc/sys"
  mount -o remount,bind,ro "$root/proc/sys"
  mount -t sysfs -o ro sysfs "$root/sys"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  devices "$root"
  mount --bind "$BOX/out" "$root/out"
  mount --bind "$BOX_SOURCE" "$root/jarvis-health"
  mount -o remount,bind,ro "$root/jarvis-health"
  mount --bind "$BOX_NODE" "$root/usr/local/bin/node"
  ip link set lo up
  hostname box
  : >"$BOX/booted"
  cd "$root"
  pivot_root . old-root
  cd /
  umount -l /old-root
  exec env -i container=box TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --unit=multi-user.target --show-status=no --log-target=journal
}

case $1 in
keep | enter | boot) "$1" ;;
*) exit 64 ;;
esac
