import Foundation
import Native
import TestSupport
import Testing

@Suite("Files")
struct FilesTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        try body(folder.path)
    }

    @Test func `a lock is held once, and is free again when its holder is gone`() throws {
        try inFolder { folder in
            var first = try FileLock(path: folder + "/lock")
            #expect(first != nil)
            #expect(try FileLock(path: folder + "/lock") == nil)
            first = nil
            #expect(try FileLock(path: folder + "/lock") != nil)
            #expect(throws: SystemError.self) { try FileLock(path: folder + "/none/lock") }
        }
    }

    @Test func `a private folder is made with those above it, and closed to others`() throws {
        try inFolder { folder in
            try Folder.makePrivate(folder + "/a/b/c")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/a/b/c")
            try Folder.makePrivate(folder + "/a/b/c")
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/a/b/c")[.posixPermissions]
            #expect(mode as? Int == 0o700)
        }
    }

    @Test func `the first folder that is closed to others is named`() throws {
        try inFolder { folder in
            try Folder.make(folder + "/a/b/c")
            #expect(Folder.firstClosed(onTheWayTo: folder + "/a/b/c/none") == nil)
            try Folder.makePrivate(folder + "/a")
            #expect(Folder.firstClosed(onTheWayTo: folder + "/a/b/c") == folder + "/a")
            try Folder.makePrivate(folder + "/a", mode: 0o711)
            #expect(Folder.firstClosed(onTheWayTo: folder + "/a/b/c") == nil)
        }
    }

    @Test func `a link or a file in the place of a private folder is refused`() throws {
        try inFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder)
            #expect(throws: SystemError.self) { try Folder.makePrivate(folder + "/link") }
            try SmallFile.write("", to: folder + "/file")
            #expect(throws: SystemError.self) { try Folder.makePrivate(folder + "/file") }
        }
    }

    @Test func `the end of a long file is read without the rest`() throws {
        try inFolder { folder in
            let file = try AppendFile(folder + "/log")
            for number in 0..<10_000 { file.append("line \(number)\n") }
            let end = try #require(SmallFile.readEnd(folder + "/log"))
            #expect(end.utf8.count == 16_384)
            #expect(end.hasSuffix("line 9998\nline 9999\n"))
            #expect(SmallFile.size(folder + "/log") == 10_000 * 6 + 38_890)
        }
    }
}

@Suite("Processes and users")
struct ProcessIdentityTests {
    @Test func `a process is the same as itself and no other`() throws {
        let own = try #require(ProcessIdentity(of: ThisProgram.pid))
        #expect(own.isRunning)
        let kept = try JSONDecoder().decode(ProcessIdentity.self, from: JSONEncoder().encode(own))
        #expect(kept == own)
        #expect(ProcessIdentity(of: 1 << 22) == nil)
    }

    @Test func `a port is free until somebody listens on it`() throws {
        let port = try #require(TCPPort.anyFree())
        #expect(TCPPort.isFree(port))
        #expect(!TCPPort.isFree(70_000))
    }

    @Test func `this program has a place, and root is known`() {
        #expect(FileManager.default.isExecutableFile(atPath: ThisProgram.path))
        #expect(ThisProgram.path.hasPrefix(ThisProgram.folder + "/"))
        #expect(UserIdentity(named: "root") == UserIdentity(user: 0, group: 0))
        #expect(UserIdentity(named: "no such user") == nil)
    }
}
