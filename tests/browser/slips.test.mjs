// Where people slip at the form, or a browser refuses: nothing that is there is lost, and what is wrong is said.
import assert from 'node:assert/strict';

import { DEMO, focused, press, says, scenario, text, withPage } from './stage.mjs';

scenario('Skipping to the result keeps what was typed.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto('/');
    await page.locator('#q').fill('Velvet');
    await page.locator('.skip').focus();
    const reloaded = page.waitForEvent('load', { timeout: 700 }).then(() => true, () => false);
    await press(page, 'Enter');
    assert.equal(await reloaded, false);
    assert.equal(await focused(page), 'out');
    assert.equal(await page.locator('#q').inputValue(), 'Velvet');
  });
});

scenario('A link that would answer with a problem is not given out.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto(`/?q=${DEMO}`);
    await page.locator('#more summary').click();
    await page.locator('#format').selectOption('itemlist');
    await says(page, '#format-fault', /needs a page for each date/);
    assert.equal(await page.locator('#format').inputValue(), 'itemlist');
    await page.goto(`/?q=${DEMO}&format=itemlist&limit=2&eventurl=https%3A%2F%2Fa.example%2F%7Bid%7D`);
    assert.match(await text(page, '#format-fault'), /needs at least 3 events; there are 2/);
    assert.equal(await page.locator('#url').count(), 0);
    await page.goto(`/?q=${DEMO}&format=itemlist&eventurl=https%3A%2F%2Fa.example%2F%7Bid%7D`);
    const answer = await page.request.get(await page.locator('#url').inputValue());
    assert.equal(answer.status(), 200);
  });
});

scenario('A slip in an option takes nothing away, and goes when it is mended.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    const change = async (value) => {
      await page.locator('#limit').fill(value);
      await page.locator('#limit').press('Tab');
    };
    await page.goto(`/?q=${DEMO}`);
    await page.locator('#more summary').click();
    await change('0');
    await says(page, '#limit-fault', /from 1 to 500/);
    await says(page, '#status', /the one of before/);
    assert.equal(await page.locator('.sheet .marquee-event').count(), 6);
    await change('5');
    await page.waitForFunction(() => document.getElementById('url').value.endsWith('limit=5'));
    assert.equal(await text(page, '#limit-fault'), '');
    await says(page, '#status', /up to date/);
    await page.goto('/?q=https%3A%2F%2Fexample.com%2Ffoo&weburl=ftp%3A%2F%2Fx&limit=0');
    assert.equal(await page.locator('[aria-invalid]').count(), 3);
    await change('5');
    await page.waitForFunction(() => document.querySelectorAll('[aria-invalid]').length === 2);
    await says(page, '#status', /Not quite/);
    await page.locator('#weburl').fill('');
    await page.locator('#q').fill('zzzz');
    await page.locator('#go').click();
    await says(page, '#status', /Nobody found/);
  });
});

scenario('What was taken for an id can be looked for as a name, at any provider.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto(`/?q=${DEMO}`);
    await page.locator('#out button.inline').click();
    await says(page, '#heading', /Nobody found/);
    await page.goto('/');
    await page.locator('#q').fill('Velvet Harbour');
    await page.locator('#go').click();
    await page.locator('.candidates button').first().click();
    await page.locator('#url').waitFor();
    assert.equal(await page.locator('#out button.inline').count(), 0);
    await page.locator('input[value=ticketmaster]').check();
    await says(page, '#heading', /Who is it/);
    assert.equal(await page.locator('#q').inputValue(), 'Velvet Harbour');
  });
});

scenario('Where copying is refused people are told, and the text is selected.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.addInitScript(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
    });
    await page.goto('/');
    await page.locator('#q').fill(DEMO);
    await page.locator('#go').click();
    await page.locator('.copyable .copy').click();
    await says(page, '#status', /did not allow copying/);
    const selected = () => page.evaluate(() => {
      const { activeElement: at } = document;
      return at.id === 'url' && at.selectionEnd - at.selectionStart === at.value.length;
    });
    assert.equal(await selected(), true);
    await page.locator('#go').focus();
    await page.locator('#url').focus(); // of HTML that came later than the page
    assert.equal(await selected(), true);
    await page.locator('#way-php').check();
    await page.locator('.ways .copy:visible').click();
    assert.match(await page.evaluate(() => getSelection().toString()), /<\?php/);
  });
});
