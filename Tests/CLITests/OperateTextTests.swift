import Foundation
import Native
import Shared
import TestSupport
import Testing

@testable import CLI

@Suite("What operators are shown", .onLoop)
@LoopActor struct OperateTextTests {
    private var view: QueuesView {
        var seen = QueueInspection()
        var state = QueueInspection.LaneState()
        state.depth = 12
        state.inFlight = 3
        state.oldest = .milliseconds(4560)
        seen.lanes[.default] = state
        state.depth = 1_000_000
        state.inFlight = 0
        state.oldest = .seconds(7300)
        state.pause = .yes
        seen.lanes[.broadcasts] = state
        seen.delayed = 2
        var first = ProcessRegistry.Report(role: "worker"), second = first
        first.finishedPerSecond = [.default: 1.25]
        second.finishedPerSecond = [.default: 2]
        return QueuesView(
            time: WallTime(milliseconds: 1_763_650_000_123), queue: seen,
            reports: [first, second, ProcessRegistry.Report(role: "api")],
            paused: [.lane(.broadcasts), .tenant(TenantID("b2")), .tenant(TenantID("b1"))], dead: nil)
    }

    @Test func `queues are a table, the workers' rates summed up`() {
        #expect(
            view.text == """
                QUEUE            DEPTH  OLDEST  IN FLIGHT  FINISHED/S  PAUSED
                high                 0       -          0         0.0  no
                default             12   4.5 s          3         3.3  no
                low                  0       -          0         0.0  no
                receipts             0       -          0         0.0  no
                receipts_sync        0       -          0         0.0  no
                maintenance          0       -          0         0.0  no
                recordings           0       -          0         0.0  no
                broadcasts     1000000     2 h          0         0.0  yes

                Delayed: 2   In quarantine: 0   Dead: unknown   Workers: 2   Paused businesses: b1, b2

                """)
    }

    @Test func `queues are one line of JSON`() throws {
        #expect(!view.json.contains("\n"))
        let json = try #require(JSONSerialization.jsonObject(with: Data(view.json.utf8)) as? [String: Any])
        #expect(json["at"] as? String == "2025-11-20T14:46:40.123Z" && json["dead"] is NSNull)
        #expect(json["workers"] as? Int == 2 && json["paused_businesses"] as? [String] == ["b1", "b2"])
        let queues = try #require(json["queues"] as? [NSDictionary])
        #expect(queues.map { $0["name"] as? String } == Lane.allCases.map(\.rawValue))
        let expected: NSDictionary = [
            "name": "default", "depth": 12, "oldest_ms": 4560, "in_flight": 3, "finished_per_second": 3.25,
            "paused": "no",
        ]
        #expect(queues[1] == expected)
        #expect(queues[0]["oldest_ms"] is NSNull)
    }

    private var job: DeadJob {
        DeadJob(
            id: "j1", business: "b", conversation: "15550001111", queue: "default", name: "webhook_process_job",
            payload: #"{"text": "{\"Hi\": [1, 2]}", "list": [], "n": {"a": [1, null]}}"#,
            steps: ["send.apology.0": "{}", "reply": "No.\u{1B}[2J\nReally."], reason: "ai: 400\n\u{9B}31mbad",
            attempts: 2, diedAt: WallTime(milliseconds: 1_763_650_000_123))
    }

    @Test func `the list tells no message's text, and nothing that a terminal would obey`() {
        let text = DeadText.list([job], now: WallTime(milliseconds: 1_763_650_060_123))
        #expect(
            text == """
                ID  DIED                   AGE  QUEUE    NAME                 BUSINESS  ATTEMPTS  STATE  REASON
                j1  2025-11-20T14:46:40Z  60 s  default  webhook_process_job  b                2  waits  ai: 400 \u{FFFD}31mbad

                """)
        #expect(DeadText.list([], now: .now()) == "No dead job.\n")
        let json = DeadJSON.list([job, job])
        #expect(!json.contains("Hi") && !json.contains("Really") && !json.contains("1555"))
    }

    @Test func `one of them is told with all that is known of it`() throws {
        #expect(
            DeadText.detail(job) == """
                Job           j1
                State         waits for an operator
                Queue         default
                Name          webhook_process_job, version 1
                Business      b
                Conversation  15550001111
                Died          2025-11-20T14:46:40.123Z
                Attempts      2
                Reason        ai: 400 \u{FFFD}31mbad
                Payload
                  {
                    "text": "{\\"Hi\\": [1, 2]}",
                    "list": [],
                    "n": {
                      "a": [
                        1,
                        null
                      ]
                    }
                  }
                Recorded steps
                  reply: No.\u{FFFD}[2J Really.
                  send.apology.0: {}

                """)
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(DeadJSON.detail(job).utf8)) as? [String: Any])
        #expect((json["payload"] as? [String: Any])?["text"] as? String == #"{"Hi": [1, 2]}"#)
        #expect((json["steps"] as? [String: String])?.keys.sorted() == ["reply", "send.apology.0"])
    }

    @Test func `ages are told as exactly as it matters`() {
        let shown = [0, 450, 9_999, 10_000, 119_000, 120_000, 7_199_000, 7_200_000, 200_000_000].map {
            Shown.age(.milliseconds($0))
        }
        #expect(shown == ["0.0 s", "0.4 s", "9.9 s", "10 s", "119 s", "2 min", "119 min", "2 h", "2 d"])
    }
}
