import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { TopologyView } from '../../shared/api/topology-view.ts'
import { findViolations } from '../support/dashboard/check-accessibility.ts'
import type { FakeAnswers } from '../support/dashboard/fake-engine.ts'
import { openBrowser } from '../support/dashboard/open-browser.ts'
import {
  makeBigGraph,
  makeBusyTopology,
  makeDeclaredTopology,
  makeLag,
  makeServiceTopology,
} from '../support/dashboard/sample-topology.ts'
import {
  createSampleEngine,
  sampleGraph,
  sampleSession,
  sampleTopology,
} from '../support/dashboard/sample-views.ts'
import { untilLoaded } from '../support/dashboard/until-loaded.ts'
import { withFakeDashboard } from '../support/dashboard/with-fake-dashboard.ts'
import { needs } from '../support/needs.ts'

const it = needs('chromium')
const standbys = ['standby-1', 'standby-2', 'standby-3', 'standby-2-report']
const busy: FakeAnswers = {
  'topology.read': { value: makeBusyTopology(sampleGraph) },
  'lag.read': { value: makeLag(standbys, 600) },
}
const tall = { viewport: { width: 1280, height: 1400 } }
const pictures = process.env.LOCKSTEP_TEST_PICTURES

async function takePicture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}

function withView(view: TopologyView): FakeAnswers {
  return { 'topology.read': { value: view } }
}

const failure = {
  kind: 'server_unreachable',
  server: 'primary',
  endpoint: '127.0.0.1:5432',
  code: 'ECONNREFUSED',
} as const

describe('the topology screen', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  const states: readonly (readonly [string, FakeAnswers, string])[] = [
    ['busy', busy, '#/topology'],
    ['busy table', busy, '#/topology?view=table'],
    ['selected standby', busy, '#/topology?node=server%3Astandby-3'],
    ['one tenant', busy, '#/topology?view=table&tenant=asia_0100'],
    ['without Compose files', withView(sampleTopology), '#/topology'],
    ['forty services', withView(makeServiceTopology(sampleGraph)), '#/topology'],
    ['declared only', { ...withView(makeDeclaredTopology()), 'lag.read': { value: [] } }, '#/topology'],
    [
      'unreachable',
      {
        ...withView({ ...sampleTopology, topology: null, positions: [], failure }),
        'lag.read': { value: [] },
      },
      '#/topology',
    ],
    [
      'no tenants',
      withView({ ...sampleTopology, topology: { ...sampleTopology.topology!, tenants: [] }, positions: [] }),
      '#/topology',
    ],
    ['loading', { 'topology.read': 'never', 'lag.read': 'never' }, '#/topology'],
    ['failed', { 'topology.read': { failure }, 'lag.read': { failure } }, '#/topology'],
    [
      'production, read-only',
      {
        ...busy,
        'session.read': {
          value: {
            ...sampleSession,
            readOnly: true,
            project: {
              ...sampleSession.project!,
              environment: { name: 'acme-prod', protection: 'production', why: 'lockstep.yml says so' },
            },
          },
        },
      },
      '#/topology',
    ],
    ['lag in seconds', busy, '#/topology?lag=seconds&standby=standby-2'],
    ['samples', busy, '#/topology?samples=1&standby=standby-1'],
    [
      'revisions',
      withView({ ...sampleTopology, graph: makeBigGraph(30) }),
      '#/topology/-/revisions?revision=r0003',
    ],
    ['big revisions', withView({ ...makeBusyTopology(makeBigGraph(1_300)) }), '#/topology/-/revisions'],
    [
      'revision table',
      withView({ ...sampleTopology, graph: makeBigGraph(30) }),
      '#/topology/-/revisions?revisions=table',
    ],
    [
      'no revisions',
      withView({ ...sampleTopology, graph: null, graphFailure: failure }),
      '#/topology/-/revisions',
    ],
  ]
  for (const [name, answers, hash] of states) {
    it(`has no violation of accessibility in any theme: ${name}`, async () => {
      const engine = createSampleEngine(answers)
      await withFakeDashboard({ browser, engine, hash, context: tall }, async page => {
        await page.getByRole('tab').first().waitFor()
        if (answers['topology.read'] !== 'never') await untilLoaded(page)
        for (const theme of ['light', 'dark', 'contrast'] as const) {
          await page.evaluate(chosen => document.documentElement.setAttribute('data-theme', chosen), theme)
          await takePicture(page, `${name.replaceAll(/\W+/g, '-')}-${theme}`)
          expect(await findViolations(page)).toEqual([])
        }
      })
    })
  }

  for (const width of [320, 720, 1920]) {
    it(`needs no sideways scrolling of the page at ${width} px`, async () => {
      for (const hash of ['#/topology', '#/topology?view=graph', '#/topology/-/revisions']) {
        const engine = createSampleEngine(busy)
        await withFakeDashboard(
          { browser, engine, hash, context: { viewport: { width, height: 900 } } },
          async page => {
            await untilLoaded(page)
            await page.getByRole('tab').first().waitFor()
            await takePicture(page, `width-${width}-${hash.replaceAll(/\W+/g, '-')}`)
            const wide = await page.evaluate(() => {
              const main = document.getElementById('main')
              return [
                document.documentElement.scrollWidth - innerWidth,
                (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0),
              ]
            })
            expect(wide.every(excess => excess <= 0)).toBe(true)
          },
        )
      }
    })
  }

  it('can be read and worked by keys alone: nodes, facts, table and back', async () => {
    const engine = createSampleEngine(busy)
    await withFakeDashboard({ browser, engine, hash: '#/topology', context: tall }, async page => {
      const standby = page.getByRole('button', { name: /^standby-3, not streaming/ })
      await standby.focus()
      await page.keyboard.press('Enter')
      await page.getByRole('complementary', { name: 'Facts of standby-3' }).waitFor()
      expect(page.url()).toContain('node=server%3Astandby-3')
      await page.keyboard.press('g')
      await page.keyboard.press('g')
      await page.getByRole('grid', { name: 'Servers' }).waitFor()
      expect(page.url()).toContain('view=table')
      await page.keyboard.press('g')
      await page.keyboard.press('g')
      await standby.waitFor()
      const zoom = () => standby.evaluate(node => node.getBoundingClientRect().width)
      const before = await zoom()
      await page.getByRole('region', { name: /^Topology/ }).focus()
      await page.keyboard.press('+')
      expect(await zoom()).toBeGreaterThan(before)
      await page.keyboard.press('0')
      expect(await zoom()).toBeCloseTo(before, 1)
    })
  })

  it('draws a quiet line from each service to the servers that it depends on, and lists both in the tables', async () => {
    const engine = createSampleEngine(busy)
    await withFakeDashboard({ browser, engine, hash: '#/topology', context: tall }, async page => {
      await page.getByRole('button', { name: /^worker, service, starting, depends on db$/ }).waitFor()
      expect(await page.locator('path[data-kind="uses"]').count()).toBe(4)
      expect(await page.locator('path[data-kind="uses"][data-broken="true"]').count()).toBe(0)
      await takePicture(page, 'lines-to-servers')
      await page.getByRole('button', { name: 'Table', exact: true }).click()
      const services = page.getByRole('grid', { name: 'Services' })
      await services.getByRole('row', { name: /^app / }).getByTitle('pgbouncer, standby-1').waitFor()
      const servers = page.getByRole('grid', { name: 'Servers' })
      await servers.getByRole('row', { name: /^db / }).getByTitle('pgbouncer, worker, migrate').waitFor()
    })
  })

  it('shows of a container its image with digest, restarts, ports and health, and copies the command for its logs', async () => {
    const engine = createSampleEngine(busy)
    const context = { ...tall, permissions: ['clipboard-read', 'clipboard-write'] }
    await withFakeDashboard(
      { browser, engine, hash: '#/topology?node=server%3Astandby-3', context },
      async page => {
        const facts = page.getByRole('complementary', { name: 'Facts of standby-3' })
        await facts.getByText('sha256:4f6c1d0e').waitFor()
        await facts.getByText('5432 on 127.0.0.1:54320').waitFor()
        await facts.getByRole('button', { name: 'Copy docker logs command' }).press('Enter')
        await facts.getByText('Copied').waitFor()
        expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
          'docker logs --timestamps --tail 500 demo-shop-standby-3-1',
        )
      },
    )
  })

  it('selects the server that an address names, in the table and in the drawing', async () => {
    const engine = createSampleEngine(busy)
    const hash = '#/topology?view=table&part=servers&server=standby-2-report'
    await withFakeDashboard({ browser, engine, hash, context: tall }, async page => {
      const facts = page.getByRole('complementary', { name: 'Facts of standby-2-report' })
      await facts.waitFor()
      expect(await page.locator('[role="row"][aria-current="true"]').textContent()).toMatch(
        /^standby-2-report/,
      )
      await page.getByRole('button', { name: 'Graph', exact: true }).click()
      const node = page.getByRole('button', { name: /^standby-2-report, /, pressed: true })
      await node.waitFor()
      await page.getByRole('button', { name: 'Close facts of standby-2-report' }).press('Enter')
      await facts.waitFor({ state: 'detached' })
      expect(page.url()).not.toContain('server=')
    })
  })

  it('keeps every row of the revisions within 320 px, whatever its labels and numbers', async () => {
    const graph = makeBigGraph(30)
    const heads = Array.from({ length: 9 }, (_, index) => `branch_${index}`)
    const revisions = heads.map(id => ({
      ...graph.revisions[0]!,
      id,
      parents: [],
      labels: [`a_long_label_of_${id}`],
    }))
    const view = makeBusyTopology({ ...graph, revisions, heads, bases: heads })
    const positions = view.positions.map(one => ({ ...one, heads: ['branch_3'], behind: 0 }))
    const engine = createSampleEngine(withView({ ...view, positions }))
    const context = { viewport: { width: 320, height: 900 } }
    const hash = '#/topology/-/revisions?revision=branch_3'
    await withFakeDashboard({ browser, engine, hash, context }, async page => {
      await page.getByRole('list', { name: 'Revisions, newest first' }).waitFor()
      await takePicture(page, 'revisions-320')
      const outside = await page
        .locator('main *')
        .evaluateAll(all => all.filter(one => one.getBoundingClientRect().right > innerWidth).length)
      expect(outside).toBe(0)
    })
  })

  it('follows every sample without moving a node', async () => {
    const engine = createSampleEngine(busy)
    await withFakeDashboard({ browser, engine, hash: '#/topology', context: tall }, async page => {
      const standby = page.getByRole('button', { name: /^standby-1, / })
      await standby.waitFor()
      const place = await standby.boundingBox()
      const at = new Date(Date.now() + 1_000).toISOString()
      const sample = {
        server: 'standby-1',
        cluster: 'main',
        at,
        bytes: null,
        seconds: null,
        state: 'not_streaming',
      } as const
      engine.publish({ type: 'lag.sampled', samples: [sample] })
      await page.getByRole('button', { name: /^standby-1, not streaming/ }).waitFor()
      expect(await standby.boundingBox()).toEqual(place)
    })
  })

  it('draws a lag chart of 20 standbys under the policy, and lets it grow', async () => {
    const servers = Array.from({ length: 20 }, (_, index) => `standby-${index + 1}`)
    const engine = createSampleEngine({ ...busy, 'lag.read': { value: makeLag(servers, 300) } })
    await withFakeDashboard(
      { browser, engine, hash: '#/topology?standby=standby-1', context: tall },
      async page => {
        await page.locator('canvas').waitFor()
        const hasLines = await page.locator('canvas').evaluate(canvas => {
          const { width, height } = canvas as HTMLCanvasElement
          const pixels = (canvas as HTMLCanvasElement)
            .getContext('2d')
            ?.getImageData(0, 0, width, height).data
          return pixels?.some(value => value !== 0) ?? false
        })
        expect(hasLines).toBe(true)
        const at = new Date(Date.now() + 1_000).toISOString()
        const samples = servers.map(server => ({
          server,
          cluster: 'main',
          at,
          bytes: 7_000_000,
          seconds: 2,
          state: 'streaming' as const,
        }))
        engine.publish({ type: 'lag.sampled', samples })
        await page.getByText(/^standby-1 is 7.0 MB behind/).waitFor()
        await takePicture(page, 'lag-20')
      },
    )
  })
})
