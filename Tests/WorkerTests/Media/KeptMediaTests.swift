import Foundation
import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("Media kept for the record", .onLoop)
@LoopActor struct KeptMediaTests {
    private let accepted = WallTime(milliseconds: 1_795_000_000_000)

    @Test func `a file's place leads nowhere else, whatever a business is called`() {
        let file = KeptFile(business: "shop_1", job: JobID("ab12"), place: 1, acceptedAt: accepted)
        #expect(file.folder == "shop_1/2026-11" && file.stem == "ab12-1")
        let hostile = KeptFile(business: "../../etc", job: JobID("/x"), place: 0, acceptedAt: accepted)
        #expect(hostile.folder == "%2E%2E%2F%2E%2E%2Fetc/2026-11" && hostile.stem == "%2Fx-0")
    }

    @Test(arguments: [
        (Array("OggS".utf8), "text/html", "ogg"), (Array("%PDF-1.7".utf8), "application/pdf", "pdf"),
        (Array("<html>".utf8), "text/html", "bin"), (Array("#!/bin/sh".utf8), "application/x-sh", "bin"),
        (Array("a,b".utf8), "text/csv; charset=utf-8", "csv"), (Array("MZ".utf8), nil, "bin"),
    ])
    func `bytes tell the type, a claim only where it does no harm`(_ bytes: [UInt8], _ claim: String?, _ type: String) {
        #expect(KeptFile.fileExtension(of: bytes, claim: claim) == type)
    }

    private func answered(media: Int, firstMedia: Int = 0) throws -> AnsweredMessage {
        let all = (0..<media).map { InboundMedia(id: "\($0)", mimeType: "audio/ogg") }
        let message = InboundMessage(
            tenant: "b", provider: .twilio, address: try #require(ContactAddress(rawValue: "15550001111@c.us")),
            contactName: nil, messageID: "M1", kind: media == 0 ? .text : .audio, text: nil, media: all.first,
            moreMedia: Array(all.dropFirst()), sentAt: accepted)
        return AnsweredMessage(
            message: message, job: JobID("j1"), acceptedAtMS: Int(accepted.milliseconds), firstMedia: firstMedia)
    }

    @Test func `what is to be kept is read again as it was written, with what was heard in that message`() throws {
        #expect(try MediaToKeep(answered(media: 0), steps: ["heard.0": "nothing"]) == nil)
        let steps = ["heard.3": "first", "heard.4": "second", "heard.5": "of another message"]
        let kept = try #require(try MediaToKeep(answered(media: 2, firstMedia: 3), steps: steps))
        #expect(kept.heard == [0: "first", 1: "second"] && kept.media.map(\.id) == ["0", "1"])
        let read = try JSON.read(kept.payload) { MediaToKeep(payload: $0) }
        #expect(read == kept)
    }

    @Test func `a payload stays within what a job may have`() throws {
        let long = String(repeating: "ש", count: 10_000)
        let steps = Dictionary(uniqueKeysWithValues: (0..<10).map { ("heard.\($0)", long) })
        let kept = try #require(try MediaToKeep(answered(media: 10), steps: steps))
        #expect(kept.heard.count == 1 && kept.payload.count < Job.largestPayload)
    }

    @Test func `files are whole, only their owner's, and replaced by the same`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let root = folder.path + "/media", archive = try MediaArchive(root: root)
        let file = KeptFile(business: "shop", job: JobID("j"), place: 0, acceptedAt: accepted)
        for _ in 0..<2 {
            let path = try await archive.keep(Array("OggS".utf8), as: file, "ogg")
            #expect(path == "shop/2026-11/j-0.ogg")
        }
        #expect(SmallFile.read(root + "/shop/2026-11/j-0.ogg") == "OggS")
        let attributes = try FileManager.default.attributesOfItem(atPath: root + "/shop/2026-11/j-0.ogg")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        // The disk refuses.
        try SmallFile.write("", to: root + "/taken")
        let blocked = KeptFile(business: "taken", job: JobID("j"), place: 0, acceptedAt: accepted)
        await #expect(throws: SystemError.self) { try await archive.keep([1], as: blocked, "bin") }
    }
}
