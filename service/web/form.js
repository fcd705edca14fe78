// Makes the page quicker where scripts run: what the form answers with is put into the page that is there. Without
// this file everything works all the same. All words come from the page.
(function () {
  'use strict';
  const form = document.getElementById('form');
  const status = document.getElementById('status');
  const words = form.dataset;
  let asked = 0;

  function byId(id) {
    return document.getElementById(id);
  }

  // ---- copying ----

  function showCopyButtons() {
    for (const button of document.querySelectorAll('button.copy')) button.hidden = !navigator.clipboard;
  }

  async function copy(button) {
    const source = byId(button.dataset.copyFrom);
    await navigator.clipboard.writeText('value' in source ? source.value : source.textContent);
    button.textContent = words.copied;
    status.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), 2000);
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

  function take(there) {
    const way = document.querySelector('input[name=way]:checked')?.id;
    const open = document.querySelector('.data[open]') !== null;
    for (const field of form.querySelectorAll('input[type=text], select')) takeField(there, field);
    const provider = there.querySelector('input[name=provider]:checked');
    for (const radio of form.querySelectorAll('input[name=provider]')) radio.checked = radio.value === provider.value;
    if (there.getElementById('more').open) byId('more').open = true;
    byId('out').replaceChildren(...there.getElementById('out').childNodes);
    if (way && byId(way)) byId(way).checked = true;
    if (open && document.querySelector('.data')) document.querySelector('.data').open = true;
    document.title = there.title;
    showCopyButtons();
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
      const answer = await fetch(`/${search}`);
      const there = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (mine !== asked) return;
      if (there.getElementById('out') === null) throw new Error('another page came');
      take(there);
      status.textContent = words.done;
      if (!quietly) lead();
    } catch {
      if (mine === asked) status.textContent = words.failed;
    }
    if (mine === asked) out.removeAttribute('aria-busy');
  }

  function go(search, quietly) {
    history[quietly ? 'replaceState' : 'pushState'](null, '', `/${search}`);
    show(search, quietly);
  }

  // ---- what people do ----

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button.copy');
    if (button !== null) copy(button);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go(query(event.submitter?.name ? event.submitter : null), false);
  });
  // A link that is there follows the options.
  form.addEventListener('change', (event) => {
    if (byId('url') !== null && event.target.id !== 'q') go(query(null), true);
  });
  // What is pasted into the empty field needs no further key.
  byId('q').addEventListener('paste', (event) => {
    const field = event.target;
    if (field.value !== '' && field.selectionEnd - field.selectionStart < field.value.length) return;
    setTimeout(() => form.requestSubmit());
  });
  addEventListener('popstate', () => location.reload());
  byId('url')?.addEventListener('focus', (event) => event.target.select());
  showCopyButtons();
})();
