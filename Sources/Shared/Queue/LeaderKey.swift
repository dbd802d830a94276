/// Where Redis has the id of the scheduler that leads. It expires with the leadership.
package enum LeaderKey {
    package static let name = "rj:{scheduler}:leader"
}
