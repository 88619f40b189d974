import { ConnectionRoom, type RoomUser } from './connection-room.ts'
import type { ServerSettings } from './server-settings.ts'

const rooms = new Map<string, ConnectionRoom>()

/** The room of a server, one for all that this process does on it; `leave` when nothing more is opened. */
export function joinRoom(
  { host, port, shownEndpoint }: Pick<ServerSettings, 'host' | 'port' | 'shownEndpoint'>,
  user: RoomUser,
): { readonly room: ConnectionRoom; leave(): void } {
  const key = JSON.stringify([host, port, shownEndpoint ?? null])
  const room = rooms.get(key) ?? new ConnectionRoom()
  rooms.set(key, room)
  room.join(user)
  return {
    room,
    leave: () => {
      if (room.part(user) && rooms.get(key) === room) rooms.delete(key)
    },
  }
}
