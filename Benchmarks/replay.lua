-- wrk's side of the ingest benchmark for senders that sign their webhooks: the requests were signed before and lie in a
-- file, one behind the other, each as a line with its length and then its bytes. Argument after `--`: the file. Prints
-- one line of JSON at the end. When the file is used up it asks for a path that is not there, so that the run counts as
-- refused.

local requests, place = {}, 0

function init(args)
    local file = assert(io.open(args[1], "rb"))
    while true do
        local length = file:read("*n")
        if not length then break end
        file:read(1)
        requests[#requests + 1] = file:read(length)
    end
    file:close()
end

function request()
    place = place + 1
    return requests[place] or "GET /requests-used-up HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
end

function done(summary, latency)
    local failed = summary.errors
    io.write(string.format(
        '{"answers":%d,"refused":%d,"broken":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f}\n',
        summary.requests, failed.status, failed.connect + failed.read + failed.write + failed.timeout,
        summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
