import Shared

/// What is to be said of workers and schedulers.
enum ProcessFindings {
    /// - Parameters:
    ///   - roles: of all processes that Redis knows.
    ///   - leads: whether one of the schedulers holds the leadership.
    static func findings(roles: [String], leads: Bool) -> [Finding] {
        func count(_ role: String) -> Int { roles.count { $0 == role } }
        let workers = count("worker"), schedulers = count("scheduler")
        return [
            workers > 0
                ? .right("workers", "\(Shown.count(workers, "worker")) at work")
                : .wrong(
                    "workers", "no worker runs: messages are kept and nobody answers", do: "Start rejoinder-worker"),
            leads
                ? .right("scheduler", "\(Shown.count(schedulers, "scheduler")), one of them leads")
                : schedulers > 0
                    ? .wrong(
                        "scheduler", "\(Shown.count(schedulers, "scheduler")), and none leads",
                        do: "Look at the schedulers' logs; retries and takeovers wait for it")
                    : .wrong(
                        "scheduler", "no scheduler runs: retries, takeovers and periodic jobs wait",
                        do: "Start rejoinder-scheduler"),
        ]
    }
}
