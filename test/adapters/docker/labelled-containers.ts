import { randomBytes } from 'node:crypto'
import Dockerode from 'dockerode'
import { inject } from 'vitest'

/** Containers of a made-up Compose project, that are taken away together. */
export interface LabelledContainers {
  readonly project: string
  readonly engine: Dockerode
  /** A container that sleeps. */
  start(service: string, options?: Dockerode.ContainerCreateOptions): Promise<string>
  remove(): Promise<void>
}

/** Lends containers with the labels of Compose. */
export function useLabelledContainers(): LabelledContainers {
  const engine = new Dockerode({ socketPath: inject('docker')!.host.replace('unix://', '') })
  const project = `docker-daemon-${randomBytes(4).toString('hex')}`
  const ids: string[] = []
  return {
    project,
    engine,
    async start(service, options) {
      const container = await engine.createContainer({
        name: `${project}-${service}-1`,
        Image: inject('docker')!.postgresImage,
        Entrypoint: ['sleep'],
        Cmd: ['infinity'],
        Labels: {
          'com.docker.compose.project': project,
          'com.docker.compose.service': service,
          'com.docker.compose.container-number': '1',
          'com.docker.compose.oneoff': 'False',
          'com.docker.compose.project.working_dir': '/srv/shop',
          'com.docker.compose.project.config_files': '/srv/shop/compose.yml',
        },
        ...options,
      })
      ids.push(container.id)
      await container.start()
      return container.id
    },
    async remove() {
      for (const id of ids) {
        await engine
          .getContainer(id)
          .remove({ force: true, v: true })
          .catch((error: { statusCode?: number }) => {
            if (error.statusCode !== 404) throw error
          })
      }
    },
  }
}
