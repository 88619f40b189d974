import { describe, expect, it } from 'vitest'
import type { ComposePort } from '../../electron/compose/nodes/compose-project.ts'
import { readTexts, refusalOf, withService } from '../support/read-compose-text.ts'

const portsOf = (list: string) => readTexts(withService(`ports: ${list}`)).services.a?.ports
const port = (target: number, published: string | null, more: Partial<ComposePort> = {}): ComposePort => ({
  target,
  published,
  hostIp: null,
  protocol: 'tcp',
  ...more,
})

describe('ports are read', () => {
  it.each<[string, readonly ComposePort[]]>([
    ['[80]', [port(80, null)]],
    ['["80"]', [port(80, null)]],
    ['["8080:80"]', [port(80, '8080')]],
    ['[22:22]', [port(22, '22')]],
    ['["8080:80/udp"]', [port(80, '8080', { protocol: 'udp' })]],
    ['["8080:80/UDP"]', [port(80, '8080', { protocol: 'udp' })]],
    ['["127.0.0.1:8080:80"]', [port(80, '8080', { hostIp: '127.0.0.1' })]],
    ['["127.0.0.1::80"]', [port(80, null, { hostIp: '127.0.0.1' })]],
    ['["[::1]:8080:80"]', [port(80, '8080', { hostIp: '::1' })]],
    ['["::1:8080:80"]', [port(80, '8080', { hostIp: '::1' })]],
    ['["9-11:19-21"]', [port(19, '9'), port(20, '10'), port(21, '11')]],
    ['["9-10"]', [port(10, null), port(9, null)]],
    ['["8000-8010:80"]', [port(80, '8000-8010')]],
    ['[{target: 80}]', [port(80, null)]],
    [
      '[{target: "80", published: 8080, host_ip: 0.0.0.0, protocol: udp, mode: host}]',
      [port(80, '8080', { hostIp: '0.0.0.0', protocol: 'udp' })],
    ],
    ['["8080:80", "8080:80"]', [port(80, '8080')]],
    ['["8080:80", "0.0.0.0:8080:80"]', [port(80, '8080', { hostIp: '0.0.0.0' })]],
    ['["8080:80", "8081:80"]', [port(80, '8080'), port(80, '8081')]],
  ])('%s', (list, ports) => {
    expect(portsOf(list)).toEqual(ports)
  })
})

describe('ports are refused', () => {
  it.each<[string, string]>([
    ['80', '4:12: services.a.ports must be a list of ports, not a number'],
    ['[80.5]', '4:13: an item of services.a.ports must be a port such as "5432:5432", not a number'],
    ['["x:80"]', '4:13: "x" is not a port'],
    ['["80:70000"]', '4:13: the port 70000 is out of range'],
    ['["70000:80"]', '4:13: the port 70000 is out of range'],
    ['["81-80:80"]', '4:13: the range of ports 81-80 runs backwards'],
    ['["80-82:80-81"]', '4:13: the port "80-82:80-81" has ranges of different lengths'],
    ['["80/icmp"]', '4:13: the port "80/icmp" has the protocol "icmp"'],
    ['["80:"]', '4:13: the port "80:" does not say the port in the container'],
    ['["db:80:80"]', '4:13: "db" is not an IP address'],
    ['["1.2.3.256:80:80"]', '4:13: "1.2.3.256" is not an IP address'],
    ['[{published: 80}]', '4:13: an item of services.a.ports has no target'],
    ['[{target: 70000}]', '4:22: the port 70000 is out of range'],
    ['[{target: 80, published: 70000}]', '4:37: the port 70000 is out of range'],
    ['[{target: 80, host_ip: here}]', '4:35: "here" is not an IP address'],
  ])('%s', (list, refusal) => {
    const found = refusalOf(withService(`ports: ${list}`))
    expect(found.startsWith(`compose.yml:${refusal}`), found).toBe(true)
  })
})
