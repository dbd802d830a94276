import Native
import Testing

@testable import CLI

@Suite("Places")
struct PlacesTests {
    private func folder(asked: String? = nil, root: Bool = false, _ environment: [String: String]) -> String? {
        DataFolder.choose(asked: asked, environment: environment, isRoot: root, current: "/here")?.path
    }

    @Test func `the data folder is the one asked for, then the environment's, then the system's`() {
        let home = ["HOME": "/home/a"]
        #expect(folder(asked: "/x/", ["REJOINDER_DATA": "/y"]) == "/x")
        #expect(folder(asked: "x", home) == "/here/x")
        #expect(folder(root: true, ["REJOINDER_DATA": "/y"]) == "/y")
        #expect(folder(root: true, home) == "/var/lib/rejoinder")
        #expect(folder(["HOME": "/home/a", "XDG_DATA_HOME": "/share"]) == "/share/rejoinder")
        #expect(folder(["HOME": "/home/a", "XDG_DATA_HOME": "relative"]) == "/home/a/.local/share/rejoinder")
        #expect(folder(["HOME": "/home/a", "REJOINDER_DATA": ""]) == "/home/a/.local/share/rejoinder")
        #expect(folder([:]) == nil)
    }

    @Test func `sockets leave a folder whose path is too long for them`() {
        let short = SocketFolder(for: DataFolder(path: "/data"), isRoot: true)
        #expect(short.path == "/data/sockets")
        let deep = DataFolder(path: "/" + String(repeating: "d", count: 90))
        let moved = SocketFolder(for: deep, isRoot: true)
        #expect(moved.path.hasPrefix("/run/rejoinder-"))
        #expect((moved.postgres + "/.s.PGSQL.5432").utf8.count <= 107)
        #expect(SocketFolder(for: deep, isRoot: false).path.hasPrefix("/tmp/rejoinder-"))
        #expect(moved == SocketFolder(for: deep, isRoot: true))
        let other = DataFolder(path: "/" + String(repeating: "e", count: 90))
        #expect(moved != SocketFolder(for: other, isRoot: true))
    }

    @Test func `the longest path that fits is used as it is`() {
        let room = 107 - "/sockets/postgres/.s.PGSQL.5432".utf8.count
        let fits = DataFolder(path: "/" + String(repeating: "d", count: room - 1))
        #expect(SocketFolder(for: fits, isRoot: false).path == fits.path + "/sockets")
        let long = DataFolder(path: fits.path + "d")
        #expect(SocketFolder(for: long, isRoot: false).path != long.path + "/sockets")
    }

    @Test func `the URLs of the private servers survive an odd folder name`() throws {
        let sockets = SocketFolder(for: DataFolder(path: "/my data/ü?&"), isRoot: false)
        let address = try RedisAddress(url: sockets.redisURL)
        #expect(address.endpoint == .unix(path: sockets.redisSocket))
        #expect(
            sockets.databaseURL == "postgres:///rejoinder?host=/my%20data/%C3%BC%3F%26/sockets/postgres&user=rejoinder")
    }

    @Test func `of several Postgres the newest makes the data and the same one reads them`() {
        var programs = Programs(environment: ["PATH": "/a:/b"])
        programs.entries = { $0 == "/usr/lib/postgresql" ? ["9", "15", "common", "13"] : [] }
        programs.isExecutable = {
            ["/usr/lib/postgresql/13/bin/postgres", "/usr/lib/postgresql/15/bin/postgres", "/b/redis-server"].contains(
                $0)
        }
        #expect(programs.postgresFolder(version: nil) == "/usr/lib/postgresql/15/bin")
        #expect(programs.postgresFolder(version: "13") == "/usr/lib/postgresql/13/bin")
        #expect(programs.postgresFolder(version: "12") == nil)
        #expect(programs.find("redis-server") == "/b/redis-server")
        #expect(programs.find("postgres") == nil)
        programs.isExecutable = { ["/b/postgres", "/b/initdb"].contains($0) }
        #expect(programs.postgresFolder(version: nil) == "/b")
    }
}
