-- wrk's side of the ingest benchmark: each request carries a message with an id of its own, in the form that a
-- Baileys gateway posts. Arguments after `--`: the secret, a prefix that makes this run's ids unique, and how many
-- conversations of 100 businesses they spread over. Prints one line of JSON at the end.

local secret, prefix, conversations, count = "", "", 1, 0

function init(args)
    secret, prefix, conversations = args[1], args[2], tonumber(args[3])
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["X-Internal-Secret"] = secret
end

local body = '{"tenantId":"bench_%d","payload":{"type":"notify","messages":[{"key":{"remoteJid":"%d@s.whatsapp.net",'
    .. '"fromMe":false,"id":"%s%08X"},"message":{"conversation":"When do you open on Friday, and do I need an '
    .. 'appointment?"},"pushName":"Dana","messageTimestamp":%d}]}}'

local now = os.time()

function request()
    count = count + 1
    local conversation = count % conversations
    return wrk.format(nil, nil, nil,
        string.format(body, conversation % 100, 972500000000 + conversation, prefix, count, now))
end

function done(summary, latency)
    local failed = summary.errors
    io.write(string.format(
        '{"answers":%d,"refused":%d,"broken":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f}\n',
        summary.requests, failed.status, failed.connect + failed.read + failed.write + failed.timeout,
        summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
