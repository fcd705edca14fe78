// Makes the page quicker where scripts run: what the form answers with is put into the page that is there. Without
// this file everything works all the same. All words come from the page.
(function () {
  'use strict';
  const form = document.getElementById('form');
  const status = document.getElementById('status');
  const words = form.dataset;
  const home = new URL(form.action).pathname;
  let asked = 0;
  let shown = address();

  // What the page shows depends on these alone: a fragment only leads to a place in it.
  function address() {
    return location.pathname + location.search;
  }

  function byId(id) {
    return document.getElementById(id);
  }

  // ---- copying ----

  function showCopyButtons() {
    for (const button of document.querySelectorAll('button.copy')) button.hidden = !navigator.clipboard;
    if (byId('check') !== null) byId('check').hidden = false;
  }

  async function copy(button) {
    const source = byId(button.dataset.copyFrom);
    try {
      await navigator.clipboard.writeText('value' in source ? source.value : source.textContent);
    } catch {
      status.textContent = words.uncopied;
      getSelection().selectAllChildren(source);
      source.select?.();
      return;
    }
    button.textContent = words.copied;
    status.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), 2000);
  }

  // ---- do the pages arrive? ----

  // This browser asks, never the service: the address is somebody's word.
  async function check(button) {
    const words = button.dataset;
    const said = byId('checked');
    said.textContent = words.busy;
    try {
      const answer = await fetch(words.address, { cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' });
      const ours = answer.ok && (await answer.text()).includes(`<loc>${words.address.replace(/sitemap\.xml$/, '')}</loc>`);
      said.textContent = ours ? words.good : words.other;
    } catch {
      said.textContent = words.bad;
    }
  }

  // ---- asking ----

  // The parameters that say something.
  function query(submitter) {
    const parameters = new URLSearchParams();
    for (const [name, value] of new FormData(form, submitter)) if (value !== '') parameters.append(name, value);
    if (parameters.get('format') === form.elements.format.options[0].value) parameters.delete('format');
    return `?${parameters}`;
  }

  function takeField(there, here) {
    const fault = there.getElementById(`${here.name}-fault`);
    if (fault !== null) byId(fault.id).replaceChildren(...fault.childNodes);
    const its = there.getElementById(here.id);
    if (its.hasAttribute('aria-invalid')) here.setAttribute('aria-invalid', 'true');
    else here.removeAttribute('aria-invalid');
    if (here !== document.activeElement) here.value = its.value;
  }

  function takeFields(there) {
    for (const hidden of form.querySelectorAll('input[type=hidden]')) hidden.remove();
    form.append(...there.querySelectorAll('#form input[type=hidden]'));
    for (const field of form.querySelectorAll('input[type=text], select')) takeField(there, field);
    form.elements.calendar.checked = there.querySelector('input[name=calendar]').checked;
    const provider = there.querySelector('input[name=provider]:checked');
    for (const radio of form.querySelectorAll('input[name=provider]')) radio.checked = radio.value === provider.value;
    if (there.getElementById('more').open) byId('more').open = true;
  }

  function takeResult(there) {
    const ways = [...document.querySelectorAll('input[name=way]:checked, input[name=server]:checked')];
    const open = document.querySelector('.data[open]') !== null;
    byId('out').replaceChildren(...there.getElementById('out').childNodes);
    for (const way of ways) if (byId(way.id) !== null) byId(way.id).checked = true;
    if (open && document.querySelector('.data')) document.querySelector('.data').open = true;
    byId('languages').replaceChildren(...there.getElementById('languages').childNodes);
    document.title = there.title;
    showCopyButtons();
  }

  // A slip in an option takes away nothing that is there.
  function take(there, quietly) {
    const faulty = there.querySelector('[aria-invalid]') !== null;
    takeFields(there);
    if (faulty && quietly && byId('url') !== null) {
      status.textContent = words.kept;
      return;
    }
    takeResult(there);
    status.textContent = byId('out').querySelector('.news h2')?.textContent ?? words.done;
  }

  // Where the reader goes next: the first fault, or the heading of what came.
  function lead() {
    const wrong = form.querySelector('[aria-invalid]');
    const heading = byId('heading');
    const next = wrong ?? heading;
    if (next === null) return;
    if (next === heading) next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
    if (next === heading) next.scrollIntoView({ block: matchMedia('(min-width: 60rem)').matches ? 'nearest' : 'start' });
  }

  async function show(search, quietly) {
    const mine = ++asked;
    const out = byId('out');
    status.textContent = words.busy;
    out.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(`${home}${search}`);
      const there = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (mine !== asked) return;
      if (there.getElementById('out') === null) throw new Error('another page came');
      take(there, quietly);
      if (!quietly) lead();
    } catch {
      if (mine === asked) status.textContent = words.failed;
    }
    if (mine === asked) out.removeAttribute('aria-busy');
  }

  function go(search, quietly) {
    history[quietly ? 'replaceState' : 'pushState'](null, '', `${home}${search}`);
    shown = address();
    show(search, quietly);
  }

  // ---- what people do ----

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button.copy');
    if (button?.id === 'check') check(button);
    else if (button !== null) copy(button);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go(query(event.submitter?.name ? event.submitter : null), false);
  });
  // What is there follows the options, and a fault goes when it is mended.
  form.addEventListener('change', (event) => {
    const answered = byId('url') !== null || form.querySelector('[aria-invalid]') !== null;
    if (answered && event.target.id !== 'q') go(query(null), true);
  });
  // What is pasted into the empty field needs no further key.
  byId('q').addEventListener('paste', (event) => {
    const field = event.target;
    if (field.value !== '' && field.selectionEnd - field.selectionStart < field.value.length) return;
    setTimeout(() => form.requestSubmit());
  });
  addEventListener('popstate', () => {
    if (address() !== shown) location.reload();
  });
  document.addEventListener('focusin', (event) => {
    if (event.target.id === 'url') event.target.select();
  });
  showCopyButtons();
})();
