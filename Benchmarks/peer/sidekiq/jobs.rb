# The peer's jobs in Ruby, and a command that enqueues empty ones: ruby jobs.rb COUNT.
#
# Favoured: the C client of Redis, and no log line for a job.

require "hiredis"
require "redis/connection/hiredis"
require "sidekiq"

# What Debian's redis gem says about Sidekiq's calls would be printed for each of them.
Redis.silence_deprecations = true
redis = { url: ENV.fetch("REDIS_URL"), driver: :hiredis }
Sidekiq.configure_client { |config| config.redis = redis }
Sidekiq.configure_server do |config|
  config.redis = redis
  config.logger.level = Logger::WARN
end

class Noop
  include Sidekiq::Worker

  def perform
  end
end

if $PROGRAM_NAME == __FILE__
  count = Integer(ARGV.fetch(0))
  while count > 0
    batch = [count, 1000].min
    Sidekiq::Client.push_bulk("class" => Noop, "args" => Array.new(batch) { [] })
    count -= batch
  end
end
