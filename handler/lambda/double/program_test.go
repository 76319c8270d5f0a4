package double_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"inferenceconnector/handler/lambda/double"
)

// TestMain makes this test binary the program, too: the handlers below, served by the real client library.
func TestMain(m *testing.M) {
	switch program := os.Getenv("PROGRAM"); program {
	case "":
		os.Exit(m.Run())
	case "ends":
		os.Exit(0)
	case "stays":
		signal.Ignore(syscall.SIGTERM)
		lambda.StartWithOptions(programs["hangs"], lambda.WithEnableSIGTERM())
	case "ticks, warned":
		go tick()
		lambda.StartWithOptions(programs["ticks"], lambda.WithEnableSIGTERM())
	case "leaves":
		lambda.StartWithOptions(programs["hangs"], lambda.WithEnableSIGTERM(func() { os.Exit(5) }))
	case "posts", "lingers", "skips", "extends":
		rawPrograms[program]("http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API"))
	default:
		meeting.Add(3)
		go tick()
		lambda.Start(programs[program])
	}
}

// What the programs keep between their invocations.
var (
	meeting sync.WaitGroup
	ticks   atomic.Int64
	seen    []string
)

var programs = map[string]any{
	"echo": func(event json.RawMessage) (json.RawMessage, error) { return event, nil },
	"answers": func(event struct{ Body string }) (json.RawMessage, error) {
		return json.RawMessage(event.Body), nil
	},
	"mirrors":          mirror,
	"small":            func() (any, error) { return targetAnswer(""), nil },
	"swells over 1 MB": func() (any, error) { return targetAnswer(strings.Repeat("x", 1<<20)), nil },
	"fails":            func() error { return errors.New("no luck") },
	"panics":           func() { panic("no more") },
	"exits":            func() { os.Exit(3) },
	"hangs":            func() { time.Sleep(time.Hour) },
	"meets":            func() { meeting.Done(); meeting.Wait() },
	"ticks":            func() (int64, error) { return ticks.Load(), nil },
	"seen": func(ctx context.Context, event json.RawMessage) error {
		invocation, _ := lambdacontext.FromContext(ctx)
		seen = append(seen, invocation.AwsRequestID+string(event))
		return errors.New(strings.Join(seen, " "))
	},
	"queue": func(event events.SQSEvent) (any, error) { return consume(event, false) },
	"fifo":  func(event events.SQSEvent) (any, error) { return consume(event, true) },
	"swells": func() (string, error) {
		return strings.Repeat("x", double.MaxPayload-1), nil // and two quotation marks
	},
	"tells": func(ctx context.Context) (map[string]any, error) {
		deadline, _ := ctx.Deadline()
		invocation, _ := lambdacontext.FromContext(ctx)
		return map[string]any{
			"left": time.Until(deadline).Seconds(), "arn": invocation.InvokedFunctionArn, "id": invocation.AwsRequestID,
			"folder": os.Getenv("LAMBDA_TASK_ROOT"), "name": os.Getenv("AWS_LAMBDA_FUNCTION_NAME"), "path": os.Getenv("PATH"),
		}, nil
	},
	"streams": func(event struct{ Body string }) (*events.LambdaFunctionURLStreamingResponse, error) {
		reader, writer := io.Pipe()
		go func() {
			for word := range strings.SplitSeq(event.Body, " ") {
				_, _ = fmt.Fprint(writer, word)
			}
			var err error
			switch {
			case strings.HasSuffix(event.Body, "!"):
				err = errors.New("broken off")
			case strings.HasSuffix(event.Body, "..."):
				time.Sleep(time.Hour)
			case strings.HasSuffix(event.Body, "."):
				os.Exit(3)
			}
			_ = writer.CloseWithError(err)
		}()
		return &events.LambdaFunctionURLStreamingResponse{StatusCode: 203, Headers: map[string]string{"A": "b"}, Cookies: []string{"c=d"}, Body: reader}, nil
	},
}

// tick goes on for as long as the process does.
func tick() {
	for range time.Tick(10 * time.Millisecond) {
		ticks.Add(1)
	}
}

// mirror answers with the event, in a form that every front understands. A REST API without binary media
// types decodes nothing.
func mirror(event json.RawMessage) (any, error) { return targetAnswer(string(event)), nil }

func targetAnswer(body string) map[string]any {
	return map[string]any{"statusCode": 200, "statusDescription": "200 OK", "isBase64Encoded": false, "body": body}
}

const quickExit = "GORACE=atexit_sleep_ms=0" // the race detector would wait for more reports

// start runs one of the programs.
func start(t *testing.T, program string, change ...func(*double.Config)) *double.Function {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := double.Config{
		Program: path, Folder: t.TempDir(), Timeout: 30 * time.Second,
		Environment: []string{"PROGRAM=" + program, quickExit},
	}
	for _, change := range change {
		change(&c)
	}
	f, err := double.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Kill() })
	return f
}

func timeout(d time.Duration) func(*double.Config) {
	return func(c *double.Config) { c.Timeout = d }
}
