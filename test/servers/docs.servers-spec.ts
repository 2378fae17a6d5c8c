import { jest } from '@jest/globals';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { ROOT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';

/** Address of a Chromium that is controlled over the DevTools protocol. */
const BROWSER_URL = process.env['WARDGATE_TEST_BROWSER_URL'] ?? '';

jest.setTimeout(60_000);

describe('the page /docs in a browser', () => {
  let app: TestApp;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    app = await startTestApp();
    browser = await chromium.connectOverCDP(BROWSER_URL);
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(request.url()));
    await page.goto(`${app.baseUrl}/docs`);
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  /** Opens the operation, sends its example, and answers what the page then shows. */
  async function execute(section: string, operationId: string) {
    const operation = await opened(section, operationId);
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const response = operation.locator('.live-responses-table tbody tr.response').first();
    return {
      status: await response.locator('.response-col_status').innerText(),
      body: await response.locator('.highlight-code').first().innerText(),
    };
  }

  async function opened(section: string, operationId: string): Promise<Locator> {
    const operation = page.locator(`#operations-${section}-${operationId}`);
    if (!(await operation.isVisible())) await page.locator(`#operations-tag-${section}`).click();
    await operation.locator('.opblock-summary-control').click();
    return operation;
  }

  it('shows every section, closed', async () => {
    await page.locator('#operations-tag-AccessPolicy').waitFor();

    expect(await page.locator('.opblock-tag').count()).toBeGreaterThan(8);
    expect(await page.locator('.opblock').count()).toBe(0);
  });

  it('signs in with Basic', async () => {
    await page.locator('.auth-wrapper > button.authorize').click();
    const dialog = page.locator('.dialog-ux');
    await dialog.getByLabel('auth-basic-username').fill('root');
    await dialog.getByLabel('auth-basic-password').fill(ROOT_SECRET);
    await dialog.locator('button.authorize').first().click();

    expect(await dialog.innerText()).toContain('Logout');
    expect(await dialog.innerText()).toContain('bearer');
    await dialog.locator('.btn-done').first().click();
  });

  it('writes the example of a resource', async () => {
    const { status, body } = await execute('TokenIntrospector', 'updateTokenIntrospector');

    expect(status).toContain('201');
    expect(body).toContain('"id": "external-auth-server"');
    const stored = await app.call('GET', '/TokenIntrospector/external-auth-server', {
      asRoot: true,
    });
    expect(stored.json).toMatchObject({ type: 'jwt', cache_ttl: 3600 });
  });

  it('reads it back', async () => {
    const { status, body } = await execute('TokenIntrospector', 'readTokenIntrospector');

    expect(status).toContain('200');
    expect(body).toContain('"versionId": "1"');
  });

  it('complains about nothing', () => {
    expect(complaints).toEqual([]);
  });
});
