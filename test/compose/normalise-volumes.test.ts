import { describe, expect, it } from 'vitest'
import type { ComposeMount } from '../../electron/compose/nodes/compose-project.ts'
import { readTexts, refusalOf, withService } from '../support/read-compose-text.ts'

const declared = { 'volumes.yml': 'volumes:\n  data: {}\n' }
const files = ['/shop/compose.yml', '/shop/volumes.yml']
const mountsOf = (list: string) =>
  readTexts({ ...withService(`volumes: ${list}`), ...declared }, { files, environment: { HOME: '/home/me' } })
    .services.a?.volumes

const mount = (
  type: ComposeMount['type'],
  source: string | null,
  target: string,
  readOnly = false,
): ComposeMount => ({
  type,
  source,
  target,
  readOnly,
})

describe('volumes are read', () => {
  it.each<[string, readonly ComposeMount[]]>([
    ['[/data]', [mount('volume', null, '/data')]],
    ['["data:/data"]', [mount('volume', 'data', '/data')]],
    ['["data:/data:ro"]', [mount('volume', 'data', '/data', true)]],
    ['["data:/data:z,ro"]', [mount('volume', 'data', '/data', true)]],
    ['["data:/data/:rw"]', [mount('volume', 'data', '/data')]],
    ['["./conf:/conf"]', [mount('bind', '/shop/conf', '/conf')]],
    ['["../conf:/conf"]', [mount('bind', '/conf', '/conf')]],
    ['["/etc/conf:/conf"]', [mount('bind', '/etc/conf', '/conf')]],
    ['["~/conf:/conf"]', [mount('bind', '/home/me/conf', '/conf')]],
    ["['C:\\conf:/conf']", [mount('bind', 'C:\\conf', '/conf')]],
    ["['\\\\server\\share:/conf']", [mount('bind', '\\\\server\\share', '/conf')]],
    [
      '[{type: volume, source: data, target: /data, read_only: true}]',
      [mount('volume', 'data', '/data', true)],
    ],
    ['[{type: volume, target: /data}]', [mount('volume', null, '/data')]],
    ['[{type: bind, source: ./conf, target: /conf/../c}]', [mount('bind', '/shop/conf', '/c')]],
    ['[{type: tmpfs, target: /tmp}]', [mount('tmpfs', null, '/tmp')]],
    ['[{type: image, source: i, target: /i}]', [mount('image', 'i', '/i')]],
    ['["./one:/x", "/y", "./two:/x"]', [mount('bind', '/shop/two', '/x'), mount('volume', null, '/y')]],
  ])('%s', (list, mounts) => {
    expect(mountsOf(list)).toEqual(mounts)
  })
})

describe('volumes are refused', () => {
  it.each<[string, string]>([
    ['data', '4:14: services.a.volumes must be a list of volumes, not a text'],
    [
      '[1]',
      '4:15: an item of services.a.volumes must be a volume such as "data:/var/lib/data", not a number',
    ],
    ['["data::ro"]', '4:15: the volume "data::ro" has an empty part'],
    ['["data:/b:ro:z"]', '4:15: the volume "data:/b:ro:z" has too many colons'],
    ['[{source: data, target: /d}]', '4:15: an item of services.a.volumes has no type'],
    ['[{type: disk, target: /d}]', '4:22: "disk" is not a type of volume'],
    ['[{type: volume}]', '4:15: an item of services.a.volumes has no target'],
    ['[{type: bind, target: /d}]', '4:15: a bind in services.a.volumes has no source'],
    ['[{type: volume, target: /d, readonly: true}]', '4:42: services.a.volumes has no key "readonly"'],
  ])('%s', (list, refusal) => {
    const found = refusalOf(withService(`volumes: ${list}`))
    expect(found.startsWith(`compose.yml:${refusal}`), found).toBe(true)
  })
})
