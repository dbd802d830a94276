import { run } from './run/program.js'
import { baileysConnect } from './socket/baileys-socket.js'

await run(baileysConnect)
