/* A client of the admin port: a blocking socket with timeouts, and HTTP/1.0, whose answers end with the
 * connection. */
#include "admin_client.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "service/listen/listen_address.h"

#define MAX_WAIT_S       3
#define MAX_ANSWER_BYTES (ADMIN_MAX_BODY_BYTES + 2048) /* header fields included */

static int fail(const char *why, struct fault *ret_fault)
{
    fault_say(ret_fault, "%s", why);
    return -1;
}

/* Nobody can connect to 0.0.0.0 or [::], but to this machine. */
static void to_loopback(struct listen_address *address)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)&address->sockaddr;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address->sockaddr;
    if (address->sockaddr.ss_family == AF_INET && v4->sin_addr.s_addr == htonl(INADDR_ANY))
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (address->sockaddr.ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr))
        v6->sin6_addr = in6addr_loopback;
}

static time_t monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* The bytes of the answer up to its end. A peer that sends a byte now and then is not waited for. */
static size_t read_answer(int fd, char answer[MAX_ANSWER_BYTES])
{
    size_t len = 0;
    time_t until_s = monotonic_s() + MAX_WAIT_S;
    while (len < MAX_ANSWER_BYTES - 1 && monotonic_s() <= until_s) {
        ssize_t n = recv(fd, answer + len, MAX_ANSWER_BYTES - 1 - len, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    answer[len] = '\0';
    return len;
}

static int exchange(int fd, const char *request, char ret_body[ADMIN_MAX_BODY_BYTES], struct fault *ret_fault)
{
    char answer[MAX_ANSWER_BYTES];
    size_t len = strlen(request);
    if (send(fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
        return fail(strerror(errno), ret_fault);
    if (read_answer(fd, answer) < strlen("HTTP/1.1 200") || strncmp(answer, "HTTP/1.", 7) != 0)
        return fail("what answers there is no HTTP, or is too slow", ret_fault);
    int status = (int)strtol(answer + strlen("HTTP/1.1 "), NULL, 10);
    const char *body = strstr(answer, "\r\n\r\n");
    snprintf(ret_body, ADMIN_MAX_BODY_BYTES, "%s", body != NULL ? body + 4 : "");
    if (status != 200)
        fault_say(ret_fault, "status %d: %.400s", status, ret_body);
    ret_fault->text[strcspn(ret_fault->text, "\r\n")] = '\0';
    return status;
}

int admin_ask(const char *addresses, const char *method, const char *target,
              char ret_body[ADMIN_MAX_BODY_BYTES], struct fault *ret_fault)
{
    struct listen_address all[LISTEN_MAX_ADDRESSES];
    const struct timeval max_wait = {.tv_sec = MAX_WAIT_S};
    char request[1024];
    size_t n = 0;
    ret_fault->text[0] = ret_body[0] = '\0';
    if (!listen_addresses_parse(addresses, all, &n, ret_fault) || n == 0)
        return -1;
    to_loopback(&all[0]);
    int fd = socket(all[0].sockaddr.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd == -1)
        return fail(strerror(errno), ret_fault);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &max_wait, sizeof(max_wait));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &max_wait, sizeof(max_wait));
    int status = -1;
    int len = snprintf(request, sizeof(request),
                       "%s %s HTTP/1.0\r\nHost: localhost\r\nAuthorization: " ADMIN_WORD "\r\n\r\n", method,
                       target);
    if (len < 0 || (size_t)len >= sizeof(request))
        fail("the request is too long", ret_fault);
    else if (connect(fd, (struct sockaddr *)&all[0].sockaddr, all[0].len) != 0)
        fault_say(ret_fault, "%s: %s", all[0].text, strerror(errno));
    else
        status = exchange(fd, request, ret_body, ret_fault);
    close(fd);
    return status;
}
