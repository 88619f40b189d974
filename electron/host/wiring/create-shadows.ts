import type { ShadowDescription } from '../../../shared/analysis/rehearsal.ts'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { readContents } from '../../adapters/postgres/copies/shadow-contents.ts'
import { readSequences } from '../../adapters/postgres/copies/shadow-sequences.ts'
import type { Shadow, ShadowRequest, Shadows } from '../../engine/ports/shadows.ts'
import { openSandboxDump, openSandboxRevisions } from '../shadows/open-sandbox-shadow.ts'
import { openServerDump, openTemplate } from '../shadows/open-server-shadow.ts'
import type { OpenedShadow, ShadowPlaces } from '../shadows/opened-shadow.ts'

type Open = (places: ShadowPlaces, request: ShadowRequest, signal: AbortSignal) => Promise<OpenedShadow>

interface Way {
  /** What is tried, in words. */
  readonly how: string
  readonly place: 'server' | 'sandbox'
  readonly open: Open
}

/** The ways to a copy, best first: what is nearest to the tenant itself comes before what needs more help. */
const ways: readonly Way[] = [
  { how: 'copy of the database', place: 'server', open: openTemplate },
  { how: 'schema dump beside it', place: 'server', open: openServerDump },
  { how: 'schema dump in a server of our own', place: 'sandbox', open: openSandboxDump },
  { how: 'its revisions in a server of our own', place: 'sandbox', open: openSandboxRevisions },
]

/** The ways to copy a tenant that there are here. */
export function createShadows(places: ShadowPlaces): Shadows {
  return {
    async withShadow(request, use, signal) {
      const { opened, description } = await openFirst(places, request, signal)
      const { tenant, settings } = opened
      const shadow: Shadow = {
        tenant,
        server: settings.name,
        description,
        readContents: asking => readContents(settings, tenant, asking),
        readSequences: asking => readSequences(settings, tenant, asking),
      }
      try {
        return await use(shadow)
      } finally {
        await opened.close()
      }
    },
  }
}

interface FirstShadow {
  readonly opened: OpenedShadow
  readonly description: ShadowDescription
}

async function openFirst(
  places: ShadowPlaces,
  request: ShadowRequest,
  signal: AbortSignal,
): Promise<FirstShadow> {
  const tried: { readonly how: string; readonly outcome: string }[] = []
  for (const { how, place, open } of ways) {
    if (request.where !== 'auto' && request.where !== place) continue
    try {
      const opened = await open(places, request, signal)
      return { opened, description: describe(opened, tried) }
    } catch (error) {
      if (signal.aborted) throw error
      tried.push({ how, outcome: nameProblem(error) })
    }
  }
  throw new LockstepError({ kind: 'shadow_failed', tried })
}

function describe(
  { kind, data, server, notes }: OpenedShadow,
  tried: readonly { readonly how: string; readonly outcome: string }[],
): ShadowDescription {
  const missed = tried.map(({ how, outcome }) => `no ${how}: ${outcome}`)
  return { kind, data, server, why: [...missed, ...notes].join('; ') }
}

function nameProblem(error: unknown): string {
  const failure = toFailure(error)
  if (failure.kind === 'database_error' && failure.sqlstate === '53100')
    return `the disk is full (${failure.message})`
  const { what, why } = describeFailure(failure)
  return [what.replace(/\.$/, ''), why].filter(text => text !== '').join(': ')
}
