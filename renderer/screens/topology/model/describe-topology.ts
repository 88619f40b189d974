import type { LagSeries, TopologyView } from '../../../../shared/api/topology-view.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { judgeServer } from './server-health.ts'
import { listTenants } from './tenant-groups.ts'
import { listServers } from './topology-map.ts'

/** The answer of the screen in one sentence: do all standbys follow, and what holds how many tenants. */
export function describeTopology(view: TopologyView, lag: readonly LagSeries[]): string {
  const servers = listServers(view)
  if (servers.length === 0) return view.failure ? 'The servers could not be asked' : 'No server is known'
  const judged = servers.map(server => ({
    name: server.server,
    isStandby:
      server.role === 'standby' || (server.role === 'unreachable' && server.declaredRole === 'standby'),
    health: judgeServer(server, lag.find(series => series.server === server.server) ?? null),
  }))
  const silent = judged.filter(one => one.health.word === 'unreachable')
  const standbys = judged.filter(one => one.isStandby)
  const broken = standbys.filter(one => one.health.isBroken && one.health.word !== 'unreachable')
  const paused = standbys.filter(one => one.health.word.endsWith('replay paused'))
  const troubles = [
    ...(silent.length > 0 ? [`${nameAll(silent)} cannot be reached`] : []),
    ...(broken.length > 0 ? [`${nameAll(broken)} ${broken.length === 1 ? 'does' : 'do'} not stream`] : []),
    ...(paused.length > 0 ? [`${nameAll(paused)} ${paused.length === 1 ? 'does' : 'do'} not replay`] : []),
  ]
  const following = standbys.length - troubled(standbys)
  const tenants = listTenants(view).length
  const held = `${tenants.toLocaleString('en')} ${tenants === 1 ? 'tenant' : 'tenants'}`
  if (standbys.length === 0 && troubles.length === 0)
    return `${countOf(servers.length, 'server')} with ${held}, and no standby`
  const follow =
    standbys.length === 0
      ? held
      : following === standbys.length
        ? countAll(standbys.length)
        : following === 0
          ? 'No standby follows'
          : `${following} of ${countOf(standbys.length, 'standby', 'standbys')} ${following === 1 ? 'follows' : 'follow'}`
  return troubles.length === 0 ? `${follow}, ${held}` : `${follow}; ${troubles.join(', ')}`
}

function countAll(standbys: number): string {
  if (standbys === 1) return 'The standby follows'
  return standbys === 2 ? 'Both standbys follow' : `All ${standbys} standbys follow`
}

type Judged = { readonly name: string; readonly health: ReturnType<typeof judgeServer> }

function troubled(standbys: readonly Judged[]): number {
  return standbys.filter(({ health }) => health.isBroken || health.word.endsWith('replay paused')).length
}

function nameAll(all: readonly Judged[]): string {
  return listNames(
    all.map(one => one.name),
    3,
  )
}
