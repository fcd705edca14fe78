// The snippet and the plugin in Debian's WordPress, with a MariaDB of its own: as its visitors and its editors see them.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { assertList, snippet, withPlaceTaken } from './site.mjs';
import { DEMO, freePort, getHttp, run, scenario, screenshot, withPage } from './stage.mjs';

const OTHER = '90012001'; // another artist of the same site
const slugOf = (id) => `marquee-songkick-artist-${id}`;
const PASSWORD = 'correct horse battery';

class WordPress {
  constructor(stage, port) {
    this.stage = stage;
    this.port = port;
    this.directory = stage.file('wordpress');
    this.log = stage.file('wordpress.log');
    this.settings = ['-d', 'log_errors=1', '-d', 'display_errors=0', '-d', `error_log=${this.log}`];
  }

  async php(source) {
    writeFileSync(join(this.directory, 'task.php'), `<?php\n${source}`);
    const { code, stdout, stderr } = await run(['php', ...this.settings, 'task.php'], { cwd: this.directory, timeout_ms: 60_000 });
    assert.equal(code, 0, `${stdout}${stderr}${existsSync(this.log) ? readFileSync(this.log, 'utf8') : ''}`);
    return stdout;
  }

  // In WordPress as it is installed, by its administrator.
  task(source) {
    return this.php(`require 'wp-load.php'; require_once ABSPATH . 'wp-admin/includes/plugin.php';\n${source}`);
  }

  async startDatabase() {
    const data = this.stage.file('mariadb');
    const user = `--user=${userInfo().username}`;
    mkdirSync(data);
    const made = await run(['mariadb-install-db', '--no-defaults', user, `--datadir=${data}`,
      '--auth-root-authentication-method=normal', '--skip-test-db'], { timeout_ms: 60_000 });
    assert.equal(made.code, 0, made.stdout + made.stderr);
    this.socket = this.stage.file('db.sock');
    const database = this.stage.start('mariadb', ['/usr/sbin/mariadbd', '--no-defaults', user, `--datadir=${data}`,
      '--skip-networking', `--socket=${this.socket}`, `--pid-file=${data}/pid`], {});
    await database.ready('its socket', async () => {
      const made = await run(['mariadb', '--no-defaults', '-u', 'root', `--socket=${this.socket}`, '-e', 'CREATE DATABASE IF NOT EXISTS wp']);
      return made.code === 0;
    });
  }

  configure() {
    const constants = {
      DB_NAME: 'wp', DB_USER: 'root', DB_PASSWORD: '', DB_HOST: `localhost:${this.socket}`, DB_CHARSET: 'utf8mb4', DB_COLLATE: '',
      WP_HOME: `http://127.0.0.1:${this.port}`, WP_SITEURL: `http://127.0.0.1:${this.port}`, DISABLE_WP_CRON: true,
      AUTOMATIC_UPDATER_DISABLED: true, WP_HTTP_BLOCK_EXTERNAL: true, AUTH_KEY: 'a', SECURE_AUTH_KEY: 'b', LOGGED_IN_KEY: 'c',
      NONCE_KEY: 'd', AUTH_SALT: 'e', SECURE_AUTH_SALT: 'f', LOGGED_IN_SALT: 'g', NONCE_SALT: 'h',
    };
    const lines = Object.entries(constants).map(([name, value]) => `define('${name}', ${typeof value === 'string' ? `'${value}'` : value});`);
    writeFileSync(join(this.directory, 'wp-config.php'), `<?php\n${lines.join('\n')}\n$table_prefix = 'wp_';\n` +
      "if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');\nrequire_once ABSPATH . 'wp-settings.php';\n");
    // The authority that the stage's certificate is from.
    mkdirSync(join(this.directory, 'wp-content/mu-plugins'), { recursive: true });
    writeFileSync(join(this.directory, 'wp-content/mu-plugins/authority.php'), `<?php add_filter('http_request_args', function ($arguments) {
      $arguments['sslcertificates'] = '${join(this.stage.certificates, 'ca.pem')}'; return $arguments; });`);
  }

  async start() {
    const copied = await run(['cp', '-rL', '/usr/share/wordpress', this.directory], { timeout_ms: 60_000 });
    assert.equal(copied.code, 0, copied.stderr);
    await this.startDatabase();
    this.configure();
    await this.php(`define('WP_INSTALLING', true); require 'wp-load.php'; require ABSPATH . 'wp-admin/includes/upgrade.php';
      wp_install('Tour', 'admin', 'admin@artist.example', true, '', '${PASSWORD}'); update_option('show_avatars', 0);`);
    const server = this.stage.start('php', ['php', ...this.settings, '-S', `127.0.0.1:${this.port}`, '-t', this.directory], {
      cwd: this.directory,
    });
    await server.ready('its first page', () => getHttp(this.port, '/').then(({ status }) => status === 200, () => false));
    writeFileSync(this.log, '');
  }

  // The path of a new page of that content.
  async publish(content) {
    const id = await this.task(`echo wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Tour',
      'post_content' => '${content}']);`);
    return `/?page_id=${id}`;
  }

  async page(path) {
    const { status, text } = await getHttp(this.port, path);
    assert.equal(status, 200, text);
    return text;
  }

  // What the error log has got since, of ours.
  logged() {
    const text = readFileSync(this.log, 'utf8');
    writeFileSync(this.log, '');
    return text.split('\n').filter((line) => line.includes('marquee')).map((line) => line.replace(/^\[[^\]]*\] /, ''));
  }

  expire() {
    return this.task("global $wpdb; $wpdb->query(\"DELETE FROM wp_options WHERE option_name LIKE '_transient_%marquee%'\");");
  }
}

async function withWordPress(stage, body) {
  const wordpress = new WordPress(stage, await freePort());
  await wordpress.start();
  await body(wordpress);
}

const lists = (html) => html.match(/<section class="marquee-events"/g)?.length ?? 0;

// One or two artists, and then no service, or half an answer.
async function assertKept(stage, wordpress, alone, both) {
  const first = await wordpress.page(alone);
  assertList(first);
  assert.equal(lists(await wordpress.page(both)), 2);
  assert.deepEqual(wordpress.logged(), []);
  const section = (html) => /<section class="marquee-events"[^]*?<\/section>/.exec(html)[0];
  const failures = {
    '503': (response) => response.writeHead(503).end('<section>no</section>'),
    'cut off': (response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': 6000 });
      response.write('<section class="marquee-events">', () => setTimeout(() => response.destroy(), 50));
    },
    'nothing': (response) => response.destroy(),
  };
  for (const [name, answer] of Object.entries(failures)) {
    await withPlaceTaken(stage, answer, async (server) => {
      await wordpress.expire();
      for (let visitor = 0; visitor < 3; visitor++) assert.equal(section(await wordpress.page(alone)), section(first), name);
      assert.equal(server.asked, 1, 'it is asked again in five minutes');
    });
    const lines = wordpress.logged();
    assert.equal(lines.length, 1, `${name}: ${lines}`);
    assert.match(lines[0], /^marquee: no new concert dates: ./);
  }
}

// Inserts the block as an editor does, and waits until the editor shows its list.
async function assertInEditor(stage, wordpress, name) {
  const site = `http://127.0.0.1:${wordpress.port}`;
  await withPage(stage, { hosts: [site, 'https://s.w.org'], silent: false }, async (page) => {
    page.setDefaultTimeout(60_000);
    await page.goto(`${site}/wp-login.php`);
    await page.locator('#user_login').fill('admin');
    await page.locator('#user_pass').fill(PASSWORD);
    await page.locator('#wp-submit').click();
    await page.locator('#adminmenu').waitFor();
    await page.goto(`${site}/wp-admin/post-new.php?post_type=page`);
    await page.waitForFunction((it) => window.wp?.blocks?.getBlockType(it) && wp.data.select('core/block-editor'), name);
    assert.equal(await page.evaluate((it) => wp.blocks.getBlockType(it).category, name), 'widgets');
    await page.evaluate((it) => wp.data.dispatch('core/block-editor').insertBlocks(wp.blocks.createBlock(it)), name);
    await page.waitForFunction(() => [document, ...[...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument)]
      .some((it) => it?.querySelectorAll('.marquee-event').length === 54));
    await screenshot(page, 'wordpress-editor');
  });
}

scenario('The snippet shows the list in the real WordPress, and the last good copy when the service is gone.', {}, async (stage) => {
  await withWordPress(stage, async (wordpress) => {
    const functions = join(wordpress.directory, 'wp-content/themes/twentytwentythree/functions.php');
    appendFileSync(functions, `<?php\n${await snippet(stage, 'wordpress')}\n${await snippet(stage, 'wordpress', OTHER)}\n`);
    const alone = await wordpress.publish(`[${slugOf(DEMO)}]`);
    await assertKept(stage, wordpress, alone, await wordpress.publish(`[${slugOf(DEMO)}]\n\n[${slugOf(OTHER)}]`));
  });
});

scenario('The plugin has a header, a shortcode and a block that editors see, and leaves nothing behind.', {}, async (stage) => {
  await withWordPress(stage, async (wordpress) => {
    for (const id of [DEMO, OTHER]) {
      const file = join(wordpress.directory, 'wp-content/plugins', `${slugOf(id)}.php`);
      writeFileSync(file, await snippet(stage, 'plugin', id));
      const activated = await wordpress.task(`$why = activate_plugin('${slugOf(id)}.php'); echo is_wp_error($why) ? $why->get_error_message() : 'ok';`);
      assert.equal(activated, 'ok');
    }
    const header = JSON.parse(await wordpress.task(`echo json_encode(get_plugin_data(WP_PLUGIN_DIR . '/${slugOf(DEMO)}.php', false));`));
    assert.equal(header.Name, `Concert dates (${slugOf(DEMO)})`);
    assert.equal(header.Version, '1.0.0');
    assert.ok(header.Description.length > 20 && header.RequiresWP === '5.9' && header.RequiresPHP === '7.2');
    const block = (id) => `<!-- wp:marquee/${slugOf(id)} /-->`;
    assertList(await wordpress.page(await wordpress.publish(`[${slugOf(DEMO)}]`)));
    await assertInEditor(stage, wordpress, `marquee/${slugOf(DEMO)}`);
    await assertKept(stage, wordpress, await wordpress.publish(block(DEMO)), await wordpress.publish(block(DEMO) + block(OTHER)));
    await wordpress.task(`deactivate_plugins(['${slugOf(DEMO)}.php', '${slugOf(OTHER)}.php']);`);
    const left = await wordpress.task("global $wpdb; echo $wpdb->get_var(\"SELECT COUNT(*) FROM wp_options WHERE option_name LIKE '%marquee\\\\_%'\");");
    assert.equal(left, '0');
  });
});
