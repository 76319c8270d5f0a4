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
		lambda.Start(programs["hangs"])
	default:
		lambda.Start(programs[program])
	}
}

var programs = map[string]any{
	"echo": func(event json.RawMessage) (json.RawMessage, error) { return event, nil },
	"answers": func(event struct{ Body string }) (json.RawMessage, error) {
		return json.RawMessage(event.Body), nil
	},
	"fails":  func() error { return errors.New("no luck") },
	"panics": func() { panic("no more") },
	"exits":  func() { os.Exit(3) },
	"hangs":  func() { time.Sleep(time.Hour) },
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
			if strings.HasSuffix(event.Body, "!") {
				err = errors.New("broken off")
			}
			_ = writer.CloseWithError(err)
		}()
		return &events.LambdaFunctionURLStreamingResponse{StatusCode: 203, Headers: map[string]string{"A": "b"}, Cookies: []string{"c=d"}, Body: reader}, nil
	},
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
