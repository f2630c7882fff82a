import type { Plugin } from 'esbuild';

const namespace = 'lazy-package';

/**
 * `await import('yaml')` of a CommonJS package has named exports in Node, and only `default` once esbuild has bundled it
 * (https://esbuild.github.io/content-types/#default-interop). This asks Node for the names and spells them out, so that
 * sources behave the same bundled or not.
 */
export const lazyPackages: Plugin = {
  name: namespace,
  setup(build) {
    build.onResolve({ filter: /^[@a-z]/ }, ({ kind, path, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:') || pluginData === namespace) return undefined;
      return { path, namespace, pluginData: { resolveDir } };
    });
    build.onLoad({ filter: /.*/, namespace }, async ({ path, pluginData }) => {
      const exported: object = await import(path);
      const names = Object.keys(exported).filter(
        (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'module.exports',
      );
      return {
        contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`,
        resolveDir: pluginData.resolveDir,
      };
    });
  },
};
