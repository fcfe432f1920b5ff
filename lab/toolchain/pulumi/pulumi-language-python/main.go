// pulumi-language-python is the engine's host for programs and policy packs in Python.
//
// The official host is in no published Go module, so it can't be built from
// one. This one is made of the parts that are: the toolchain package (virtual
// environments), the policy proxy and the RPC helpers of the SDK. The script
// pulumi-language-python-exec, which runs a program, must lie beside it.
//
// It serves what `pulumi preview|up|refresh|destroy|install|about` and policy
// packs need. It does not run component packages written in Python, convert
// programs or generate SDKs.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	sdk "github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// The program has already told the user what is wrong: the engine adds nothing.
const exitCodeToldUser = 32

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
}

func main() {
	flag.String("tracing", "", "accepted and ignored")
	flag.String("root", "", "accepted and ignored")
	flag.Parse()
	server := &host{engine: flag.Arg(0)}
	// The engine ends a plugin with an interrupt. Serving stops then, which cancels
	// the calls in progress, which kills what they run.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cancel := make(chan bool)
	go func() {
		<-ctx.Done()
		close(cancel)
	}()
	// An engine that was killed can't say so: look whether it still answers.
	if server.engine != "" {
		if err := rpcutil.Healthcheck(ctx, server.engine, time.Minute, stop); err != nil {
			fmt.Fprintln(os.Stderr, "could not watch the engine:", err)
			os.Exit(1)
		}
	}
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(srv *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(srv, server)
			return nil
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "could not start the Python language host:", err)
		os.Exit(1)
	}
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil {
		fmt.Fprintln(os.Stderr, "the Python language host stopped:", err)
		os.Exit(1)
	}
}

func (h *host) Handshake(
	_ context.Context, req *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engine = req.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// GetRequiredPackages names nothing: providers are found on PATH, and there
// is nowhere to download one from.
func (h *host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func pythonToolchain(info *pulumirpc.ProgramInfo) (toolchain.Toolchain, error) {
	options := toolchain.PythonOptions{
		Root:       info.GetRootDirectory(),
		ProgramDir: info.GetProgramDirectory(),
		// Auto reads lock files; the project's own environment is made by its Makefile.
		Toolchain: toolchain.Pip,
	}
	for key, value := range info.GetOptions().AsMap() {
		text, _ := value.(string)
		switch {
		case key == "virtualenv":
			options.Virtualenv = text
		case key == "toolchain" && text == "uv":
			options.Toolchain = toolchain.Uv
		case key == "toolchain" && text == "poetry":
			options.Toolchain = toolchain.Poetry
		case key == "toolchain" && text == "pip":
		default:
			return nil, fmt.Errorf("runtime option %s: %v is not supported by this language host", key, value)
		}
	}
	return toolchain.ResolveToolchain(options)
}

func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	tools, err := pythonToolchain(req.GetInfo())
	if err != nil {
		return nil, err
	}
	if err := tools.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd, err := tools.Command(ctx,
		"-u", self+"-exec",
		"--monitor", req.GetMonitorAddress(),
		"--engine", h.engine,
		"--project", req.GetProject(),
		"--stack", req.GetStack(),
		"--root_directory", req.GetInfo().GetRootDirectory(),
		"--pwd", req.GetPwd(),
		"--dry_run", strconv.FormatBool(req.GetDryRun()),
		"--parallel", strconv.Itoa(int(req.GetParallel())),
		"--organization", req.GetOrganization(),
		req.GetInfo().GetEntryPoint(),
	)
	if err != nil {
		return nil, err
	}
	cmd.Args = append(cmd.Args, req.GetArgs()...)
	apart(cmd)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if cmd.Env, err = withConfig(environment(cmd), req.GetConfig(), req.GetConfigSecretKeys()); err != nil {
		return nil, err
	}
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == exitCodeToldUser:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program exited with code %d", exit.ExitCode())}, nil
	default:
		return nil, fmt.Errorf("could not run the program: %w", err)
	}
}

// apart keeps the interrupt that ends this host, or a Ctrl-C meant for the engine,
// from reaching Python, which would print a traceback.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func environment(cmd *exec.Cmd) []string {
	if cmd.Env != nil {
		return cmd.Env
	}
	return os.Environ()
}

func withConfig(env []string, config map[string]string, secretKeys []string) ([]string, error) {
	if config == nil {
		config = map[string]string{}
	}
	if secretKeys == nil {
		secretKeys = []string{}
	}
	values, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	keys, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, err
	}
	return append(env, "PULUMI_CONFIG="+string(values), "PULUMI_CONFIG_SECRET_KEYS="+string(keys)), nil
}

// RunPlugin runs a policy pack: python -u -m pulumi.policy ENGINE DIR, behind
// the SDK's proxy, which asks the engine for the stack's configuration first.
func (h *host) RunPlugin(
	req *pulumirpc.RunPluginRequest, stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse],
) error {
	if req.GetKind() != "analyzer" {
		return fmt.Errorf("a %s plugin written in Python is not supported by this language host", req.GetKind())
	}
	ctx := stream.Context()
	tools, err := pythonToolchain(req.GetInfo())
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(stream, false)
	if err != nil {
		return err
	}
	defer closer.Close()
	proxy, packStdout, err := sdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return err
	}
	configuration, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return err
	}
	cmd, err := tools.ModuleCommand(ctx, "pulumi.policy", append(req.GetArgs(), req.GetInfo().GetProgramDirectory())...)
	if err != nil {
		return err
	}
	// Unbuffered: the pack prints its port without flushing.
	cmd.Env = append(environment(cmd), append(req.GetEnv(), "PYTHONUNBUFFERED=1")...)
	if configuration != nil {
		cmd.Env = append(cmd.Env,
			"PULUMI_PROJECT="+configuration.GetProject(),
			"PULUMI_STACK="+configuration.GetStack(),
			"PULUMI_DRY_RUN="+strconv.FormatBool(configuration.GetDryRun()),
			"PULUMI_ORGANIZATION="+configuration.GetOrganization(),
		)
		cmd.Env, err = withConfig(cmd.Env, configuration.GetConfig(), configuration.GetConfigSecretKeys())
		if err != nil {
			return err
		}
	}
	cmd.Dir = req.GetPwd()
	apart(cmd)
	cmd.Stdout, cmd.Stderr = packStdout, stderr
	if err := cmd.Start(); err != nil {
		proxy.Abort(err)
		return err
	}
	err = proxy.Attach(ctx, cmd)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return stream.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())},
		})
	}
	return err
}

func (h *host) InstallDependencies(
	req *pulumirpc.InstallDependenciesRequest, stream grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse],
) error {
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(stream, req.GetIsTerminal())
	if err != nil {
		return err
	}
	defer closer.Close()
	tools, err := pythonToolchain(req.GetInfo())
	if err != nil {
		return err
	}
	return tools.InstallDependencies(stream.Context(), req.GetInfo().GetProgramDirectory(),
		req.GetUseLanguageVersionTools(), true, stdout, stderr)
}

func (h *host) About(ctx context.Context, req *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	tools, err := pythonToolchain(req.GetInfo())
	if err != nil {
		return nil, err
	}
	// The engine asks before each run. tools.About would start three processes, and the one that
	// asks pip for its version, which nobody wants here, takes as long as a small program does.
	cmd, err := tools.Command(ctx, "-c", "import platform; print(platform.python_version())")
	if err != nil {
		return nil, err
	}
	if version := versionNoted(cmd.Path); version != "" {
		return &pulumirpc.AboutResponse{Executable: cmd.Path, Version: version}, nil
	}
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("asking Python for its version: %w", err)
	}
	return &pulumirpc.AboutResponse{Executable: cmd.Path, Version: strings.TrimSpace(string(output))}, nil
}

// versionNoted is the version of a virtual environment's Python, as its maker has written it down;
// empty if it is none, or of a maker who writes something else.
func versionNoted(python string) string {
	text, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(python)), "pyvenv.cfg"))
	if err != nil {
		return ""
	}
	for _, line := range strings.Split(string(text), "\n") {
		if name, value, _ := strings.Cut(line, "="); strings.TrimSpace(name) == "version" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func (h *host) GetProgramDependencies(
	ctx context.Context, req *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	tools, err := pythonToolchain(req.GetInfo())
	if err != nil {
		return nil, err
	}
	packages, err := tools.ListPackages(ctx, req.GetTransitiveDependencies())
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, item := range packages {
		response.Dependencies = append(response.Dependencies, &pulumirpc.DependencyInfo{Name: item.Name, Version: item.Version})
	}
	return response, nil
}
