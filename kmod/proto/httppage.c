// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the HTTP responder says: the error pages of nginx 1.22.1, byte for byte,
 * and a few pages that are shown without a password, because their readers go
 * no further without them: Docker's, Elasticsearch's and Kubernetes' interfaces.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/time.h>
#include "http.h"

#define SERVER "nginx/1.22.1"

/* Error page of nginx: title, heading (with more behind it), server. */
#define CONTENT(title, heading)						\
	"<html>\r\n<head><title>" title "</title></head>\r\n"		\
	"<body>\r\n<center><h1>" heading "</center>\r\n"		\
	"<hr><center>" SERVER "</center>\r\n</body>\r\n</html>\r\n"

/**
 * struct error_page - an error page
 * @status: status code
 * @len: bytes of @content
 * @start: status line and fields up to the date
 * @middle: fields behind it, up to the value of Connection
 * @end: fields behind that, and the blank line
 * @content: the page
 */
struct error_page {
	u16 status;
	u16 len;
	const char *start;
	const char *middle;
	const char *end;
	const char *content;
};

#define START(reason)							\
	"HTTP/1.1 " reason "\r\nServer: " SERVER "\r\nDate: "
#define MIDDLE(length)							\
	"\r\nContent-Type: text/html\r\nContent-Length: " #length "\r\nConnection: "
#define END(more) more "\r\n\r\n"

/* The vectors hold the lengths. */
static const struct error_page errors[] = {
	{ 401, 179, START("401 Unauthorized"), MIDDLE(179),
	  END("\r\nWWW-Authenticate: Basic realm=\"Restricted\""),
	  CONTENT("401 Authorization Required",
		  "401 Authorization Required</h1>") },
	{ 400, 157, START("400 Bad Request"), MIDDLE(157), END(""),
	  CONTENT("400 Bad Request",
		  "400 Bad Request</h1>") },
	{ 405, 157, START("405 Not Allowed"), MIDDLE(157), END(""),
	  CONTENT("405 Not Allowed",
		  "405 Not Allowed</h1>") },
	{ 414, 177, START("414 Request-URI Too Large"), MIDDLE(177), END(""),
	  CONTENT("414 Request-URI Too Large",
		  "414 Request-URI Too Large</h1>") },
	{ 501, 165, START("501 Not Implemented"), MIDDLE(165), END(""),
	  CONTENT("501 Not Implemented",
		  "501 Not Implemented</h1>") },
	{ 505, 187, START("505 HTTP Version Not Supported"), MIDDLE(187), END(""),
	  CONTENT("505 HTTP Version Not Supported",
		  "505 HTTP Version Not Supported</h1>") },
};

static const struct error_page oversize = {
	400, 233, START("400 Bad Request"), MIDDLE(233), END(""),
	CONTENT("400 Request Header Or Cookie Too Large",
		"400 Bad Request</h1></center>\r\n"
		"<center>Request Header Or Cookie Too Large"),
};

/**
 * struct open_page - a page that needs no password
 * @path: of the target, without its query
 * @port: only on this one; 0: on any
 * @fields: status line and fields, up to the date's value if @dated
 * @dated: the date follows, and the end of its line
 * @content: the page in parts, NULL behind the last
 */
struct open_page {
	const char *path;
	u16 port;
	bool dated;
	const char *fields;
	const char *const *content;
};

#define DOCKER								\
	"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n"			\
	"Content-Type: application/json\r\nDocker-Experimental: false\r\n" \
	"Ostype: linux\r\nServer: Docker/20.10.24+dfsg1 (linux)\r\nDate: "
#define PING								\
	"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n"			\
	"Cache-Control: no-cache, no-store, must-revalidate\r\n"	\
	"Content-Type: text/plain; charset=utf-8\r\n"			\
	"Docker-Experimental: false\r\nOstype: linux\r\nPragma: no-cache\r\n" \
	"Server: Docker/20.10.24+dfsg1 (linux)\r\nDate: "
#define ELASTIC(type)							\
	"HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\n"	\
	"content-type: " type "; charset=UTF-8\r\n"
#define KUBERNETES							\
	"HTTP/1.1 200 OK\r\nCache-Control: no-cache, private\r\n"	\
	"Content-Type: application/json\r\nDate: "

static const char *const docker_version[] = {
	"{\"Platform\":{\"Name\":\"\"},\"Components\":[{\"Name\":\"Engine\",",
	"\"Version\":\"20.10.24+dfsg1\",\"Details\":{\"ApiVersion\":\"1.41\",",
	"\"Arch\":\"amd64\",\"BuildTime\":\"2026-05-07T21:09:36.000000000+00:00\",",
	"\"Experimental\":\"false\",\"GitCommit\":\"5d6db84\",",
	"\"GoVersion\":\"go1.19.8\",\"KernelVersion\":\"6.1.0-44-amd64\",",
	"\"MinAPIVersion\":\"1.12\",\"Os\":\"linux\"}},{\"Name\":\"containerd\",",
	"\"Version\":\"1.6.20~ds1\",\"Details\":",
	"{\"GitCommit\":\"1.6.20~ds1-1+deb12u3\"}},{\"Name\":\"runc\",",
	"\"Version\":\"1.1.5+ds1\",\"Details\":",
	"{\"GitCommit\":\"1.1.5+ds1-1+deb12u1\"}},{\"Name\":\"docker-init\",",
	"\"Version\":\"0.19.0\",\"Details\":{\"GitCommit\":\"\"}}],",
	"\"Version\":\"20.10.24+dfsg1\",\"ApiVersion\":\"1.41\",",
	"\"MinAPIVersion\":\"1.12\",\"GitCommit\":\"5d6db84\",",
	"\"GoVersion\":\"go1.19.8\",\"Os\":\"linux\",\"Arch\":\"amd64\",",
	"\"KernelVersion\":\"6.1.0-44-amd64\",",
	"\"BuildTime\":\"2026-05-07T21:09:36.000000000+00:00\"}\n",
	NULL
};

static const char *const docker_info[] = {
	"{\"ID\":\"PLHZ:X6LZ:KWE4:6KYI:XFOP:SFYI:K442:ZISC:LLZ3:DGRX:ULRE:7QXA\",",
	"\"Containers\":0,\"ContainersRunning\":0,\"ContainersPaused\":0,",
	"\"ContainersStopped\":0,\"Images\":0,\"Driver\":\"overlay2\",",
	"\"KernelVersion\":\"6.1.0-44-amd64\",",
	"\"OperatingSystem\":\"Debian GNU/Linux 12 (bookworm)\",",
	"\"OSVersion\":\"12\",\"OSType\":\"linux\",\"Architecture\":\"x86_64\",",
	"\"NCPU\":2,\"MemTotal\":4105113600,\"DockerRootDir\":\"/var/lib/docker\",",
	"\"Name\":\"debian\",\"ServerVersion\":\"20.10.24+dfsg1\"}\n",
	NULL
};

static const char *const cat_indices[] = {
	"[{\"health\":\"yellow\",\"status\":\"open\",\"index\":\"customers\",",
	"\"uuid\":\"k7WfTqZbQ0u5kq3yH1m8Xw\",\"pri\":\"1\",\"rep\":\"1\",",
	"\"docs.count\":\"1642\",\"docs.deleted\":\"0\",\"store.size\":\"1.1mb\",",
	"\"pri.store.size\":\"1.1mb\"}]",
	NULL
};

static const char *const cat_nodes[] = {
	"[{\"ip\":\"127.0.0.1\",\"heap.percent\":\"31\",\"ram.percent\":\"87\",",
	"\"cpu\":\"2\",\"load_1m\":\"0.08\",\"load_5m\":\"0.05\",",
	"\"load_15m\":\"0.01\",\"node.role\":\"cdfhilmrstw\",\"master\":\"*\",",
	"\"name\":\"node-1\"}]",
	NULL
};

static const char *const cat_health[] = {
	"[{\"cluster\":\"elasticsearch\",\"status\":\"yellow\",",
	"\"node.total\":\"1\",\"node.data\":\"1\",\"shards\":\"1\",\"pri\":\"1\",",
	"\"relo\":\"0\",\"init\":\"0\",\"unassign\":\"1\",",
	"\"pending_tasks\":\"0\",\"max_task_wait_time\":\"-\",",
	"\"active_shards_percent\":\"50.0%\"}]",
	NULL
};

static const char *const cluster_health[] = {
	"{\"cluster_name\":\"elasticsearch\",\"status\":\"yellow\",",
	"\"timed_out\":false,\"number_of_nodes\":1,\"number_of_data_nodes\":1,",
	"\"active_primary_shards\":1,\"active_shards\":1,",
	"\"relocating_shards\":0,\"initializing_shards\":0,",
	"\"unassigned_shards\":1,\"delayed_unassigned_shards\":0,",
	"\"number_of_pending_tasks\":0,\"number_of_in_flight_fetch\":0,",
	"\"task_max_waiting_in_queue_millis\":0,",
	"\"active_shards_percent_as_number\":50.0}",
	NULL
};

static const char *const kube_version[] = {
	"{\n  \"major\": \"1\",\n  \"minor\": \"25\",\n",
	"  \"gitVersion\": \"v1.25.3\",\n",
	"  \"gitCommit\": \"434bfd82814af038ad94d62ebe59b133fcb50506\",\n",
	"  \"gitTreeState\": \"clean\",\n",
	"  \"buildDate\": \"2022-10-12T10:49:09Z\",\n",
	"  \"goVersion\": \"go1.19.2\",\n  \"compiler\": \"gc\",\n",
	"  \"platform\": \"linux/amd64\"\n}",
	NULL
};

static const char *const kube_api[] = {
	"{\n  \"kind\": \"APIVersions\",\n  \"versions\": [\n    \"v1\"\n  ]\n}\n",
	NULL
};

static const char *const kube_pods[] = {
	"{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},",
	"\"items\":null}\n",
	NULL
};

static const char *const empty_list[] = { "[]\n", NULL };

static const char *const docker_pong[] = { "OK", NULL };

static const char *const cat_help[] = {
	"=^.^=\n/_cat/health\n/_cat/indices\n/_cat/nodes\n",
	NULL
};

#define JSON ELASTIC("application/json")

static const struct open_page pages[] = {
	{ "/version", 6443, true, KUBERNETES, kube_version },
	{ "/version", 8443, true, KUBERNETES, kube_version },
	{ "/version", 0, true, DOCKER, docker_version },
	{ "/info", 0, true, DOCKER, docker_info },
	{ "/containers/json", 0, true, DOCKER, empty_list },
	{ "/images/json", 0, true, DOCKER, empty_list },
	{ "/_ping", 0, true, PING, docker_pong },
	{ "/_cat", 0, false, ELASTIC("text/plain"), cat_help },
	{ "/_cat/indices", 0, false, JSON, cat_indices },
	{ "/_cat/nodes", 0, false, JSON, cat_nodes },
	{ "/_cat/health", 0, false, JSON, cat_health },
	{ "/_cluster/health", 0, false, JSON, cluster_health },
	{ "/api", 0, true, KUBERNETES, kube_api },
	{ "/api/v1/pods", 0, true, KUBERNETES, kube_pods },
	{ "/pods", 0, true, KUBERNETES, kube_pods },
};

static bool is_path(struct msd_view target, const char *path)
{
	u32 n = strlen(path);

	if (!msd_starts(&target, path, n))
		return false;
	msd_skip(&target, n);
	if (msd_starts(&target, "/", 1))
		msd_skip(&target, 1);
	return !target.len || *target.p == '?';
}

static const struct open_page *find_page(const struct msd_http_req *h, u16 port)
{
	u32 i;

	if (h->status != 401 || !h->get || h->target.len < 2)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if ((!pages[i].port || pages[i].port == port) &&
		    is_path(h->target, pages[i].path))
			return &pages[i];
	return NULL;
}

bool msd_http_persists(const struct msd_http_req *h)
{
	return h->status == 401 && !h->close && (!h->http10 || h->alive);
}

static void put_two(u8 *p, u32 val)
{
	p[0] = '0' + val / 10;
	p[1] = '0' + val % 10;
}

/* Date and time as in "Mon, 23 Nov 2026 00:00:00 GMT" (RFC 9110 5.6.7). */
static void put_date(struct msd_buf *out, u64 now)
{
	static const char form[] = "Day, dd Mon yyyy hh:mm:ss GMT";
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	u8 *p = msd_put(out, sizeof(form) - 1);
	struct tm tm;
	u32 year;

	if (!p)
		return;
	time64_to_tm(now, 0, &tm);
	year = tm.tm_year + 1900;
	memcpy(p, form, sizeof(form) - 1);
	memcpy(p, days + 3 * tm.tm_wday, 3);
	put_two(p + 5, tm.tm_mday);
	memcpy(p + 8, months + 3 * tm.tm_mon, 3);
	put_two(p + 12, year / 100);
	put_two(p + 14, year % 100);
	put_two(p + 17, tm.tm_hour);
	put_two(p + 20, tm.tm_min);
	put_two(p + 23, tm.tm_sec);
}

static void put_error_page(const struct msd_http_req *h, u64 now, struct msd_buf *out)
{
	const struct error_page *err = errors;

	while (err->status != h->status)
		err++;
	if (h->oversize)
		err = &oversize;
	msd_put_str(out, err->start);
	put_date(out, now);
	msd_put_str(out, err->middle);
	msd_put_str(out, msd_http_persists(h) ? "keep-alive" : "close");
	msd_put_str(out, err->end);
	if (!h->head)
		msd_put_bytes(out, err->content, err->len);
}

static u32 content_len(const struct open_page *page)
{
	const char *const *part;
	u32 len = 0;

	for (part = page->content; *part; part++)
		len += strlen(*part);
	return len;
}

static void put_open_page(const struct msd_http_req *h, u64 now,
			  const struct open_page *page, struct msd_buf *out)
{
	const char *const *part;

	msd_put_str(out, page->fields);
	if (page->dated) {
		put_date(out, now);
		msd_put_lit(out, "\r\n");
	}
	msd_put_lit(out, "Content-Length: ");
	msd_put_dec(out, content_len(page), 1);
	if (!msd_http_persists(h))
		msd_put_lit(out, "\r\nConnection: close");
	msd_put_lit(out, "\r\n\r\n");
	for (part = page->content; *part && !h->head; part++)
		msd_put_str(out, *part);
}

void msd_http_reply(const struct msd_http_req *h, const struct msd_request *rq,
		    struct msd_buf *out)
{
	const struct open_page *page = NULL;

	/* Pages are larger than any request for them. */
	if (rq->transport == MSD_TCP)
		page = find_page(h, be16_to_cpu(rq->flow->dport));
	if (page)
		put_open_page(h, rq->ctx->now, page, out);
	else
		put_error_page(h, rq->ctx->now, out);
}
