import { assertNever } from '../../../../shared/text/assert-never.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import type { Status } from '../../../status/status.ts'
import type { ServerHealth } from './server-health.ts'
import { stateOfService, statusOfService } from './service-status.ts'
import { describeCounts, progressOf, wordOfProgress } from './tenant-groups.ts'
import type { TopologyNode } from './topology-node.ts'

/** A node in words; `spoken` is its whole name, such as "standby-2, streaming, 1.2 MB behind". */
export interface NodeWords {
  readonly name: string
  readonly status: Status
  readonly word: string
  readonly spoken: string
}

/** Says what a node is and how it is. */
export function describeNode(node: TopologyNode, health: ServerHealth | null): NodeWords {
  switch (node.kind) {
    case 'service': {
      const { service, kind, dependsOn } = node.service
      const word = stateOfService(node.service, node.isObserved)
      return speak(service, statusOfService(node.service), word, [
        kind === 'other' ? 'service' : kind,
        word,
        dependsOn.length > 0 ? `depends on ${listNames(dependsOn)}` : '',
      ])
    }
    case 'server': {
      const status = health?.status ?? 'errored'
      const word = health?.word ?? 'unknown'
      return speak(node.server.server, status, word, [word, health?.behind ?? ''])
    }
    case 'group': {
      const { name, tenants, counts } = node.group
      const size = countOf(tenants.length, 'tenant')
      const status = counts.behind + counts.unknown === 0 ? 'passed' : 'pending'
      return {
        ...speak(name, status, describeCounts(counts), ['group', size, describeCounts(counts)]),
        name: `${name} · ${tenants.length.toLocaleString('en')}`,
      }
    }
    case 'tenant': {
      const progress = progressOf(node.tenant)
      const word = wordOfProgress(progress)
      return speak(node.tenant.tenant, statusOfProgress(progress), word, ['tenant', word])
    }
    case 'fold': {
      const { count, of, state } = node.fold
      return speak(`${count} ${of}`, 'pending', state, [state, 'open the table'])
    }
    default:
      return assertNever(node)
  }
}

/** The status that a tenant's progress is shown with. */
export function statusOfProgress(progress: ReturnType<typeof progressOf>): Status {
  return progress === 'at_target' ? 'passed' : progress === 'behind' ? 'pending' : 'errored'
}

function speak(name: string, status: Status, word: string, parts: readonly string[]): NodeWords {
  return { name, status, word, spoken: [name, ...parts.filter(part => part !== '')].join(', ') }
}
