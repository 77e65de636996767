// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// The same for the global fault handler, which is a hard interrupt's.
@guard_global@
typedef irqreturn_t;
identifier handler = arm_smmu_global_fault;
@@
 static irqreturn_t
-handler
+arm_smmu_handle_global_fault
 (int irq, void *dev)
 { ... }
+
+static irqreturn_t arm_smmu_global_fault(int irq, void *dev)
+{
+	struct arm_smmu_device *smmu = dev;
+	irqreturn_t ret;
+
+	if (!arm_smmu_fault_get(smmu))
+		return IRQ_NONE;
+	if (smmu->impl && smmu->impl->global_fault)
+		ret = smmu->impl->global_fault(irq, dev);
+	else
+		ret = arm_smmu_handle_global_fault(irq, dev);
+	arm_smmu_fault_put(smmu);
+	return ret;
+}
