import { z } from 'zod'

const text = z.string().catch('')
const texts = z.array(z.string()).catch([])
const number = z.number().catch(0)

const networkJson = z.object({
  IPAddress: text,
  GlobalIPv6Address: text,
  Aliases: texts,
  DNSNames: texts,
})

const portJson = z.object({ HostIp: text, HostPort: text })

const mountJson = z.object({
  Type: text,
  Name: text,
  Source: text,
  Destination: text,
  RW: z.boolean().catch(true),
})

/** What the daemon answers about a container, as far as it matters here; engines and versions leave things out. */
export const containerJson = z.object({
  Id: z.string(),
  Name: text,
  Image: text,
  Path: text,
  Args: texts,
  RestartCount: number,
  State: z.object({
    Status: z.string(),
    Running: z.boolean().catch(false),
    ExitCode: number,
    StartedAt: text,
    Health: z.object({ Status: text }).nullish().catch(null),
  }),
  Config: z.object({
    Image: text,
    WorkingDir: text,
    Env: texts,
    Labels: z.record(z.string(), z.string()).catch({}),
  }),
  HostConfig: z.object({ NetworkMode: text }).catch({ NetworkMode: '' }),
  NetworkSettings: z
    .object({
      Networks: z.record(z.string(), networkJson).catch({}),
      Ports: z.record(z.string(), z.array(portJson).nullish()).catch({}),
    })
    .catch({ Networks: {}, Ports: {} }),
  Mounts: z.array(mountJson).catch([]),
})

/** A container as the daemon answers. Its environment is in it. */
export type ContainerJson = z.infer<typeof containerJson>
