import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { DockerEndpoint, TlsSettings } from './endpoint.ts'
import { hideCredentials, parseEndpoint } from './parse-endpoint.ts'

const configJson = z.object({ currentContext: z.string().optional() })

const contextJson = z.object({
  Endpoints: z.object({
    docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().nullish() }),
  }),
})

/** The context that `docker context use` chose; null when there is none. A file that cannot be read counts as none, as it does for the CLI. */
export async function readCurrentContext(configFolder: string): Promise<string | null> {
  const parsed = configJson.safeParse(parseJson(await readText(join(configFolder, 'config.json'))))
  const name = parsed.success ? parsed.data.currentContext : undefined
  return name === undefined || name === '' ? null : name
}

/** Where a context of the Docker CLI leads; one that is unknown or broken is an endpoint that says so. */
export async function readContext(configFolder: string, name: string, from: string): Promise<DockerEndpoint> {
  const folder = createHash('sha256').update(name).digest('hex')
  const text = await readText(join(configFolder, 'contexts', 'meta', folder, 'meta.json'))
  const parsed = contextJson.safeParse(parseJson(text))
  if (!parsed.success) {
    const problem = text === null ? 'there is no such context' : 'its file names no Docker endpoint'
    return { address: `context ${name}`, from, target: { kind: 'unusable', problem } }
  }
  const { Host: host, SkipTLSVerify: skipsVerify } = parsed.data.Endpoints.docker
  const tls = await readTls(join(configFolder, 'contexts', 'tls', folder, 'docker'), skipsVerify !== true)
  const target = parseEndpoint(host, isEmpty(tls) && tls.verifies ? null : tls)
  return { address: hideCredentials(host), from, target }
}

/** The three files that Docker keeps for TLS, as far as they are there. */
export async function readTls(folder: string, verifies: boolean): Promise<TlsSettings> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map(name => readText(join(folder, name))),
  )
  return { ca: ca ?? null, cert: cert ?? null, key: key ?? null, verifies }
}

function isEmpty(tls: TlsSettings): boolean {
  return tls.ca === null && tls.cert === null && tls.key === null
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return null
  }
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
