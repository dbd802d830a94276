import TestSupport
import Testing

/// Deaths and outages under load, with real processes, and the simulator's log as the judge of what contacts got.
///
/// One scenario a file, one after the other: they need the machine for themselves, so `make test` leaves them out and
/// `make chaos` runs them. See docs/chaos.md.
@Suite("Chaos", .onLoop, .serialized, .timeLimit(.minutes(10))) enum Chaos {}
