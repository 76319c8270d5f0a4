package console_test

import (
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"

	"inferenceconnector/handler/console"
	"inferenceconnector/schema"
)

func serve(t testing.TB) *httptest.Server {
	t.Helper()
	h, err := console.New(loadActions(t))
	if err != nil || h == nil {
		t.Fatalf("there is no console (%v)", err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.Has(r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

func loadActions(t testing.TB) []*schema.Action {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

// get asks as a client that takes the codings it names, and does not unpack by itself.
func get(t testing.TB, server *httptest.Server, method, target string, header ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "identity")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body := io.Reader(response.Body)
	if response.Header.Get("Content-Encoding") == "gzip" && method == http.MethodGet && response.StatusCode == http.StatusOK {
		if body, err = gzip.NewReader(body); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

// addresses are those of every file of the page.
func addresses(t testing.TB) []string {
	t.Helper()
	list := []string{console.Path, console.Path + "/reference", console.Path + "/actions.json"}
	err := fs.WalkDir(os.DirFS("page"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(name) != ".html" {
			list = append(list, console.Path+"/"+strings.TrimSuffix(name, ".gz"))
		}
		return err
	})
	if err != nil || len(list) < 20 {
		t.Fatalf("%d files (%v)", len(list), err)
	}
	return list
}

func TestEveryFileIsSafeAndSmall(t *testing.T) {
	server := serve(t)
	for _, address := range addresses(t) {
		plain, text := get(t, server, http.MethodGet, address)
		packed, unpacked := get(t, server, http.MethodGet, address, "Accept-Encoding", "br, gzip;q=0.8")
		if plain.StatusCode != http.StatusOK || text == "" || text != unpacked {
			t.Errorf("%s: %s with %d bytes, and %d when compressed", address, plain.Status, len(text), len(unpacked))
		}
		if packed.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s is not compressed for those who take it, or is for others", address)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Vary": "Accept-Encoding", "Cache-Control": "no-cache",
		} {
			if got := plain.Header.Get(name); got != want {
				t.Errorf("%s: %s: got %q, want %q", address, name, got, want)
			}
		}
		checkPolicy(t, address, plain.Header.Get("Content-Security-Policy"))
		checkVersions(t, server, address, plain, packed)
	}
}

func checkPolicy(t *testing.T, address, policy string) {
	t.Helper()
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self';", "img-src 'self' data: blob:;", "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("%s: the policy %q has no %s", address, policy, part)
		}
	}
	if loose := strings.Contains(policy, "unsafe-inline"); loose != (address == console.Path+"/reference") {
		t.Errorf("%s: the policy is %q", address, policy)
	}
	if typed := strings.Contains(policy, "require-trusted-types-for 'script'"); typed == (address == console.Path+"/reference") {
		t.Errorf("%s: the policy is %q", address, policy)
	}
	if strings.Contains(policy, "unsafe-eval") || strings.Contains(policy, "http:") || strings.Contains(policy, "https:") {
		t.Errorf("%s: the policy is %q", address, policy)
	}
}

// checkVersions asks again for what is there already.
func checkVersions(t *testing.T, server *httptest.Server, address string, plain, packed *http.Response) {
	t.Helper()
	versions := [2]string{plain.Header.Get("ETag"), packed.Header.Get("ETag")}
	if versions[0] == "" || versions[0] == versions[1] {
		t.Errorf("%s has the versions %q", address, versions)
	}
	again, text := get(t, server, http.MethodGet, address, "If-None-Match", versions[0])
	if again.StatusCode != http.StatusNotModified || text != "" {
		t.Errorf("%s, asked again: %s", address, again.Status)
	}
	head, text := get(t, server, http.MethodHead, address)
	if head.StatusCode != http.StatusOK || text != "" {
		t.Errorf("HEAD %s: %s", address, head.Status)
	}
}

func TestOnlyThoseWhoTakeItGetItCompressed(t *testing.T) {
	server := serve(t)
	for accept, want := range map[string]string{
		"gzip": "gzip", "GZIP": "gzip", "br, gzip": "gzip", "gzip;q=0.1": "gzip", "deflate, gzip; q=1.0": "gzip",
		"br": "", "identity": "", "gzip;q=0": "", "gzip; q=0.000": "", "x-gzip": "",
	} {
		got, _ := get(t, server, http.MethodGet, console.Path, "Accept-Encoding", accept)
		if got.Header.Get("Content-Encoding") != want {
			t.Errorf("%s: got %q, want %q", accept, got.Header.Get("Content-Encoding"), want)
		}
	}
}

func TestMediaTypes(t *testing.T) {
	server := serve(t)
	for address, want := range map[string]string{
		"": "text/html; charset=utf-8", "/reference": "text/html; charset=utf-8", "/main.js": "text/javascript; charset=utf-8",
		"/style.css": "text/css; charset=utf-8", "/icon.svg": "image/svg+xml", "/actions.json": "application/json",
		"/library/swagger-ui/swagger-ui-bundle.js": "text/javascript; charset=utf-8", "/library/swagger-ui/LICENSE": "text/plain; charset=utf-8",
	} {
		if got, _ := get(t, server, http.MethodGet, console.Path+address); got.Header.Get("Content-Type") != want {
			t.Errorf("%s: got %q, want %q", address, got.Header.Get("Content-Type"), want)
		}
	}
}

func TestAddresses(t *testing.T) {
	server := serve(t)
	for address, want := range map[string]int{
		"/console": 200, "//console": 200, "/console//main.js": 200,
		"/console/": 308, "/console//": 308, "/console/reference/": 308,
		"/": 404, "/consoles": 404, "/console/nothing": 404, "/console/index.html": 404, "/console/library": 404,
		"/console/../console.go": 404, "/console/main.js.gz": 404, "/console/library/swagger-ui/swagger-ui.css.gz": 404,
	} {
		got, _ := get(t, server, http.MethodGet, address)
		if got.StatusCode != want {
			t.Errorf("%s: got %s, want %d", address, got.Status, want)
		}
		if want == http.StatusPermanentRedirect {
			to, err := got.Location()
			if err != nil || to.Path != strings.TrimRight(address, "/") {
				t.Errorf("%s leads to %v (%v)", address, to, err)
			}
		}
	}
}
