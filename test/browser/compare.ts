import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';

/** Kept pictures are small: lossy, so their edges may differ by less than this in a colour channel (of 255). */
const EDGE = 70;
/** So much of a picture may differ. The keeping itself costs 0.00005; a short word is about 0.0003 of a desktop. */
const ALLOWED_SHARE = 0.0003;

const FOLDER = new URL('./pictures/', import.meta.url);
/** `PICTURES=renew npm run test:browser` takes them anew; look at them before you keep them. */
export const renewing = process.env['PICTURES'] === 'renew';

/** The widths of known words: pictures are only comparable where the same fonts draw them. */
export const fontsOf = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const context = document.createElement('canvas').getContext('2d');
    return ['600 28px', '400 14px', '400 12.5px'].map((size) => {
      context.font = size + ' ' + getComputedStyle(document.body).fontFamily;
      return context.measureText('Everything is working 0123456789').width.toFixed(2);
    }).join(' ');
  })()`);

/** A second page that can read pictures: the browser has the decoders. */
export type Lens = { readonly page: Page; readonly fonts: string | undefined };

export async function openLens(browser: Browser): Promise<Lens> {
  await mkdir(FOLDER, { recursive: true });
  const fonts = new URL('fonts.txt', FOLDER);
  return {
    page: await browser.newPage(),
    fonts: existsSync(fonts) ? (await readFile(fonts, 'utf8')).trim() : undefined,
  };
}

export async function keepFonts(fonts: string): Promise<void> {
  await writeFile(new URL('fonts.txt', FOLDER), `${fonts}\n`);
}

/** Compares with the kept picture, or keeps this one when asked to. Answers what is wrong, in words; '' when nothing is. */
export async function compare(lens: Lens, name: string, png: Buffer): Promise<string> {
  const file = new URL(`${name}.webp`, FOLDER);
  const shot = `data:image/png;base64,${png.toString('base64')}`;
  if (renewing) {
    const webp = await inPage<string>(
      lens,
      `(shot) => (${DRAW})(shot).then((canvas) => canvas.toDataURL('image/webp', 0.82))`,
      shot,
    );
    await writeFile(file, Buffer.from(webp.slice(webp.indexOf(',') + 1), 'base64'));
    return '';
  }
  if (!existsSync(file)) return 'no picture was kept; see test/browser/compare.ts';
  const kept = `data:image/webp;base64,${(await readFile(file)).toString('base64')}`;
  const share = await inPage<number>(lens, DIFFERENT_SHARE, [shot, kept, EDGE]);
  if (share <= ALLOWED_SHARE) return '';
  return `${(share * 100).toFixed(2)} % of the picture differs`;
}

/** Calls a function, given as text, in the page; tests have no types of the browser. */
const inPage = <T>(lens: Lens, call: string, argument: unknown): Promise<T> =>
  lens.page.evaluate<T>(`(${call})(${JSON.stringify(argument)})`);

const DRAW = `async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas;
}`;

const DIFFERENT_SHARE = `async ([one, other, edge]) => {
  const draw = ${DRAW};
  const [a, b] = [await draw(one), await draw(other)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  const pixels = (canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const [p, q] = [pixels(a), pixels(b)];
  let different = 0;
  for (let i = 0; i < p.length; i += 4) {
    if (Math.abs(p[i] - q[i]) > edge || Math.abs(p[i + 1] - q[i + 1]) > edge || Math.abs(p[i + 2] - q[i + 2]) > edge) different += 1;
  }
  return different / (p.length / 4);
}`;
