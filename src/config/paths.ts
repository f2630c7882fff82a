/** `~` and `~/x` from the home folder of the person; everything else as it is. */
export function expandHome(path: string, homeFolder: string): string {
  if (path === '~') return homeFolder;
  return path.startsWith('~/') ? `${homeFolder.replace(/\/$/, '')}/${path.slice(2)}` : path;
}
