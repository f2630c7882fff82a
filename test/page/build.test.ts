import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { contrast, PAIRS, weakPairs } from '../../dashboard/contrast.ts';
import { TOKENS } from '../../dashboard/tokens.ts';
import { buildPage, PAGE_BUDGET, type PageSizes } from '../../scripts/build-page.ts';
import { policyOf, SNAPSHOT_PLACE } from '../../src/page/render.ts';

describe('the colours', () => {
  it('hold their contrast in every pair, light and dark', () => {
    expect(weakPairs()).toEqual([]);
    expect(PAIRS.length).toBeGreaterThan(40);
  });

  it('are measured as WCAG measures them', () => {
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21);
    expect(contrast('#767676', '#FFFFFF')).toBeCloseTo(4.54, 2);
    expect(contrast(TOKENS.ink3[0], TOKENS.surface[0])).toBeCloseTo(5.5, 1);
  });
});

describe('the built page', () => {
  let html = '';
  let sizes: PageSizes;
  beforeAll(async () => {
    ({ html, sizes } = await buildPage(process.cwd()));
  });

  it('keeps its budget', () => {
    for (const [name, limit] of Object.entries(PAGE_BUDGET)) {
      expect(sizes[name as keyof PageSizes], name).toBeLessThanOrEqual(limit);
    }
  });

  it('has one place for the snapshot, before the script that reads it', () => {
    expect(html.split(SNAPSHOT_PLACE)).toHaveLength(2);
    expect(html.indexOf(SNAPSHOT_PLACE)).toBeLessThan(html.lastIndexOf('<script>'));
  });

  it('allows exactly its own scripts and style by their hashes, and otherwise only the file beside it', () => {
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map((match) => hash(match[1] ?? ''));
    const style = hash(/<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '');
    const policy = policyOf(html);
    expect(scripts).toHaveLength(2);
    expect(policy).toContain(`script-src ${scripts.join(' ')} 'self' file:;`);
    expect(policy).toContain(`style-src ${style};`);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toMatch(/frame-ancestors 'none'$/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('names nothing elsewhere', () => {
    const addresses = [...html.matchAll(/(?:https?:)?\/\/[\w.-]+\.\w+[^"'`)\s]*/g)].map((match) => match[0]);
    expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
  });

  it('says what to do without JavaScript', () => {
    expect(html).toContain('<h1>This page needs JavaScript</h1><p>The plain summary is in health.txt beside it.</p>');
  });
});
