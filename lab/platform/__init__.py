"""A stand-in for the platform: CSI provisioners, scheduler, kubelet, router, service CA.

It does what the registry's storage and exposure wait for, and refuses what the real
ones refuse. Binding is done by the real binder of the control plane. There are no
pods: a Deployment of the registry's namespace counts as running once its pods could
run, and the registry's own once the one process that is run for them all is ready.
So nothing holds a claim that is deleted while in use, and a rollout takes no time.
"""
