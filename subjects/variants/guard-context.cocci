// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// The context fault handler is a guard around the implementation's, or around what it was.
@guard_context@
typedef irqreturn_t;
identifier handler = arm_smmu_context_fault;
@@
 static irqreturn_t
-handler
+arm_smmu_handle_context_fault
 (int irq, void *dev)
 { ... }
+
+static irqreturn_t arm_smmu_context_fault(int irq, void *dev)
+{
+	struct arm_smmu_domain *smmu_domain = dev;
+	struct arm_smmu_device *smmu = smmu_domain->smmu;
+	irqreturn_t ret;
+
+	if (!arm_smmu_fault_get(smmu))
+		return IRQ_NONE;
+	if (smmu->impl && smmu->impl->context_fault)
+		ret = smmu->impl->context_fault(irq, dev);
+	else
+		ret = arm_smmu_handle_context_fault(irq, dev);
+	arm_smmu_fault_put(smmu);
+	return ret;
+}
