package double_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain makes this program the handler of its own apps. It answers HTTP with the request that reached it,
// and invocations as what they bring says.
func TestMain(m *testing.M) {
	port := os.Getenv("FUNCTIONS_CUSTOMHANDLER_PORT")
	if port == "" {
		os.Exit(m.Run())
	}
	fmt.Println("ready")
	fmt.Fprintln(os.Stderr, "a Warning")
	fmt.Fprintln(os.Stderr, "a mistake")
	if os.Getenv("ENDS") != "" {
		os.Exit(3)
	}
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
	go func() {
		fmt.Println("asked to end by", <-terminated)
		os.Exit(4)
	}()
	if pause, err := time.ParseDuration(os.Getenv("LISTENS_AFTER")); err == nil {
		time.Sleep(pause)
	}
	err := http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(answer))
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/" && r.Header.Get("X-Azure-Functions-Invocationid") == "":
		if os.Getenv("TELLS_PINGS") != "" {
			fmt.Println("ping")
		}
		w.WriteHeader(http.StatusTeapot)
	case strings.HasPrefix(strings.ToLower(r.URL.Path), "/api"):
		answerHTTP(w, r)
	case r.URL.Path == "/elsewhere":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"Logs":["redirected as %s"]}`, r.Method)
	default:
		answerInvocation(w, r)
	}
}

// seen is a request as the handler got it.
type seen struct {
	Line, Host, Body  string
	Header            http.Header
	Transfer          []string
	Environment, Path []string
	Arguments         []string
}

func newSeen(r *http.Request) seen {
	body, _ := io.ReadAll(r.Body)
	folder, _ := os.Getwd()
	return seen{r.Method + " " + r.RequestURI, r.Host, string(body), r.Header, r.TransferEncoding, os.Environ(), []string{folder}, os.Args[1:]}
}

func answerHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/end":
		os.Exit(0)
	case "/api/stall":
		_, _ = io.WriteString(w, "begun")
		_ = http.NewResponseController(w).Flush()
		time.Sleep(time.Hour)
	case "/api/hang":
		time.Sleep(time.Hour)
	case "/api/drip":
		for range 5 {
			_, _ = io.WriteString(w, ".")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(150 * time.Millisecond)
		}
	case "/api/away":
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(newSeen(r))
	}
}

// A script is what an invocation asks the handler to do.
type script struct {
	Status       int    `json:",omitempty"` // of the answer, 200 when zero
	Type         string `json:",omitempty"` // of the answer, application/json when empty
	Text         string `json:",omitempty"` // the whole answer, {} when empty
	Empty        bool   `json:",omitempty"` // no answer at all
	Location     string `json:",omitempty"`
	Exits, Hangs bool   `json:",omitempty"`
	Code         int    `json:",omitempty"`
	Once         bool   `json:",omitempty"` // only the first process does so, others answer {}
}

// answerInvocation prints the request, and does as it says.
func answerInvocation(w http.ResponseWriter, r *http.Request) {
	s := newSeen(r)
	line, _ := json.Marshal(s)
	fmt.Printf("seen %s\n", line)
	do := readScript(s.Body)
	again := os.Getenv("FLAG") != "" && !firstProcess()
	switch {
	case do.Once && again:
		do = script{}
	case do.Hangs:
		time.Sleep(time.Hour)
	case do.Exits:
		os.Exit(do.Code)
	}
	w.Header().Set("Content-Type", "application/json")
	if do.Type != "" {
		w.Header().Set("Content-Type", do.Type)
	}
	if do.Location != "" {
		w.Header().Set("Location", do.Location)
	}
	w.WriteHeader(max(do.Status, 200))
	if do.Text == "" && !do.Empty {
		do.Text = "{}"
	}
	_, _ = io.WriteString(w, do.Text)
}

// firstProcess reports whether this is the first process that asks.
func firstProcess() bool {
	file, err := os.OpenFile(os.Getenv("FLAG"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return false
	}
	defer file.Close()
	text, _ := io.ReadAll(file)
	if len(text) == 0 {
		_, _ = fmt.Fprint(file, os.Getpid())
		return true
	}
	return string(text) == fmt.Sprint(os.Getpid())
}

// readScript finds the script in an invocation: the text of a queue's message, or the body of a request. A
// timer brings none.
func readScript(invocation string) (do script) {
	var said struct{ Data map[string]any }
	if json.Unmarshal([]byte(invocation), &said) != nil {
		return script{Status: http.StatusBadRequest}
	}
	for _, data := range said.Data {
		switch data := data.(type) {
		case string:
			var message string
			_ = json.Unmarshal([]byte(data), &message)
			_ = json.Unmarshal([]byte(message), &do)
			return do
		case map[string]any:
			if body, ok := data["Body"].(string); ok && json.Unmarshal([]byte(body), &do) == nil {
				return do
			}
		}
	}
	return do
}
