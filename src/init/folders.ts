/** `folder` itself counts as below it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** `~/web` for what lies in the person's home folder. */
export function withTilde(path: string, homeFolder: string): string {
  return homeFolder !== '/' && isBelow(path, homeFolder) ? `~${path.slice(homeFolder.length)}` : path;
}
