// The page at /, and the pages of a tour, in every language on the narrowest phone: nothing is cut, nothing must be
// pushed aside to be read. And the language of the page is the reader's to choose.
import assert from 'node:assert/strict';

import { DEMO, paste, says, scenario, text, withPage } from './stage.mjs';

const LANGUAGES = { en: 'Make the link', de: 'Link erstellen', fr: 'Créer le lien', es: 'Crear el enlace' };
const NARROW = { width: 320, height: 640 };

// What does not fit: elements beyond the edge, text that its own box hides, and the words of a select behind its arrow.
// Code and tables have boxes that may be pushed by themselves.
function misfits() {
  const found = [];
  const width = document.documentElement.clientWidth;
  const name = (element) => `${element.tagName} ${element.id || element.className} "${element.textContent.trim().slice(0, 40)}"`;
  if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('pre, .scroll, iframe, svg, .unseen')) continue;
    const box = element.getBoundingClientRect();
    if (box.width > 0 && (box.right > width + 0.5 || box.left < -0.5) && !element.matches('.skip')) found.push(`beyond the edge: ${name(element)}`);
    const { overflowX } = getComputedStyle(element);
    if (overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1 && !element.matches('input')) found.push(`cut: ${name(element)}`);
  }
  const pen = document.createElement('canvas').getContext('2d');
  for (const select of document.querySelectorAll('select')) {
    const style = getComputedStyle(select);
    pen.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    for (const { text: words } of select.options) if (pen.measureText(words).width > room) found.push(`cut: option "${words}"`);
  }
  return found;
}

scenario('In every language nothing is cut at 320 pixels, and nothing scrolls sideways.', {}, async (stage) => {
  const paths = ['/', `/?q=${DEMO}&pages=artist.example%2Ftour`, '/?q=Harbour', '/?q=7&limit=0&pages=x&format=itemlist', '/?q=4041234', '/problems'];
  for (const [lang, submit] of Object.entries(LANGUAGES)) {
    await withPage(stage, { viewport: NARROW, locale: lang, silent: false, reducedMotion: 'reduce' }, async (page) => {
      for (const path of paths) {
        await page.goto(path);
        assert.equal(await page.locator('html').getAttribute('lang'), lang);
        await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
        assert.deepEqual(await page.evaluate(misfits), [], `${lang} ${path}`);
        if (path !== '/problems') assert.equal(await text(page, '#go'), submit);
      }
      await page.goto(`/tour/songkick/${DEMO}/?lang=${lang}`);
      assert.deepEqual(await page.evaluate(misfits), [], `${lang} tour`);
      for (const nth of [0, 2]) {
        await page.goto(`/tour/songkick/${DEMO}/?lang=${lang}`);
        await page.locator('main a[href^="20"]').nth(nth).click();
        await page.waitForURL(/\d{4}-\d{2}-\d{2}-/);
        assert.equal(await page.locator('html').getAttribute('lang'), lang);
        assert.deepEqual(await page.evaluate(misfits), [], `${lang} date`);
      }
    });
  }
});

scenario('A reader chooses the language of the page, which then stays, whatever the list speaks.', {}, async (stage) => {
  await withPage(stage, { locale: 'de' }, async (page) => {
    await page.goto('/');
    await paste(page, DEMO);
    await says(page, '#heading', /kommende Termine/);
    assert.match(await page.locator('#url').inputValue(), /&lang=de$/);
    await page.locator('#more summary').click();
    await page.locator('#lang').selectOption('fr');
    await says(page, '.preview .marquee-events', /janvier|février|décembre|mars/);
    assert.match(await page.locator('#url').inputValue(), /&lang=fr$/);
    await says(page, '.report h2', /Was Suchmaschinen fehlt/);
    await page.locator('#languages a', { hasText: 'Español' }).click();
    await says(page, '.report h2', /buscadores/);
    assert.match(await page.locator('#url').inputValue(), /&lang=fr$/);
    await page.locator('.brand a').click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'es');
  });
});
