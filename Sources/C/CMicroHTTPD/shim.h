#pragma once
#include <sys/types.h>
#include <sys/socket.h>
#include <microhttpd.h>

/* libmicrohttpd's start and its getters are variadic, so Swift cannot call them. One wrapper per argument list; nothing
   else belongs in this file. */

struct cmhd_settings {
    int listen_socket;
    unsigned int connection_limit;
    unsigned int idle_seconds;
    size_t memory_per_connection;
    MHD_AccessHandlerCallback on_request;
    void *(*on_request_line)(void *context, const char *uri, struct MHD_Connection *connection);
    size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text);
    MHD_RequestCompletedCallback on_completed;
    MHD_NotifyConnectionCallback on_connection;
};

static inline struct MHD_Daemon *cmhd_start(const struct cmhd_settings *s, void *context) {
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, s->on_request, context,
        MHD_OPTION_LISTEN_SOCKET, s->listen_socket,
        MHD_OPTION_CONNECTION_LIMIT, s->connection_limit,
        MHD_OPTION_CONNECTION_TIMEOUT, s->idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->memory_per_connection,
        MHD_OPTION_URI_LOG_CALLBACK, s->on_request_line, context,
        MHD_OPTION_UNESCAPE_CALLBACK, s->unescape, context,
        MHD_OPTION_NOTIFY_COMPLETED, s->on_completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, s->on_connection, context,
        MHD_OPTION_END);
}

static inline int cmhd_epoll_descriptor(struct MHD_Daemon *daemon) {
    return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

static inline int cmhd_descriptor(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static inline void *cmhd_socket_context(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static inline size_t cmhd_header_size(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
}

static inline const struct sockaddr *cmhd_client_address(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
}
